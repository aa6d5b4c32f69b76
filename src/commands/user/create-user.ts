import { Raw } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { type Transaction, transact } from '../../database/transact';
import { type Permission, PERMISSIONS, type Principal, type WorkspaceRole } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { grantsBeyond, mayManageStaff, NO_REACH } from '../../domain/policies/member-policy';
import { mayManageMembers, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkEmail } from '../../domain/validation/email';
import { checkName } from '../../domain/validation/name';
import { checkPassword } from '../../domain/validation/password';
import { whenSet } from '../../domain/validation/patch';
import { checkWebAddress } from '../../domain/validation/web-address';
import { Organization } from '../../entities/organization';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { seesWorkspace } from '../organization/refuse-unless-staff';
import { refuseUnsafeUrl, type TargetCheck } from '../organization/refuse-unsafe-url';
import { currentPrincipal } from './current-principal';
import { refuseForeignAgents, replaceMemberAgents } from './member-agents';

/** Exactly one of `organizationId` (a member) and `workspaceRole` (staff). */
export interface CreateUser {
  readonly workspaceId: string;
  readonly displayName: string;
  readonly email: string;
  readonly password: string;
  readonly avatarUrl?: string | null;
  readonly organizationId?: string | null;
  readonly permissions?: readonly Permission[] | null;
  /** Null or left out: every agent of the organization. */
  readonly agentIds?: readonly string[] | null;
  readonly workspaceRole?: WorkspaceRole | null;
}

/**
 * Creates a person who can sign in. Staff create everybody, owners excepted (an owner does); a member with
 * MANAGE_MEMBERS creates members of the same organization who may do no more than the creator. CONFLICT: the address is taken.
 */
export async function createUser(
  database: Database,
  principal: Principal,
  input: CreateUser,
  dependencies: TargetCheck & { readonly passwords: PasswordHasher },
): Promise<Outcome<User>> {
  const unauthorized = refuseImpersonator(principal, 'manageMembers') ?? refuseCreation(principal, input);
  if (unauthorized !== null) return refused(unauthorized);
  const invalid = [...checkInput(input), ...refuseGrants(principal, input)];
  if (invalid.length > 0) return refused(invalid);
  const unsafe = await refuseUnsafeUrl(dependencies, input.avatarUrl, 'avatarUrl');
  if (unsafe.length > 0) return refused(unsafe);
  // Before the transaction: hashing takes half a second, in which no lock may be held.
  const passwordHash = await dependencies.passwords.hash(input.password);
  return transact(database, principal, async (transaction) => {
    await lockWorkspace(transaction, input.workspaceId);
    const actor = await currentPrincipal(transaction, principal);
    const meanwhile = refuseCreation(actor, input);
    if (meanwhile !== null) return refused(meanwhile);
    const impossible = [...refuseGrants(actor, input), ...(await refuseByRows(transaction, input))];
    if (impossible.length > 0) return refused(impossible);
    const user = await insertUser(transaction, input, passwordHash);
    const { workspaceRole, permissions } = user;
    const changes = changesOf({}, { workspaceRole, permissions, agentIds: input.agentIds ?? null });
    await audit(transaction, actor, 'USER_CREATED', user, changes);
    return done(user);
  });
}

function refuseCreation(principal: Principal, input: CreateUser): Refusal | null {
  const { workspaceId, workspaceRole: role, organizationId } = input;
  if (!seesWorkspace(principal, workspaceId)) return notFound('workspace', 'workspaceId');
  if (role) return mayManageStaff(principal, role) ? null : forbidden(staffRule(role), 'workspaceRole');
  const owner = { workspaceId, organizationId: organizationId ?? null };
  if (organizationId && !maySee(principal, owner)) return notFound('organization', 'organizationId');
  return mayManageMembers(principal, owner) ? null : forbidden('This takes the permission MANAGE_MEMBERS.');
}

function staffRule(role: WorkspaceRole): string {
  return role === 'OWNER'
    ? 'Only an owner of the workspace may make another one.'
    : 'Only staff of the workspace may add staff.';
}

function refuseGrants(principal: Principal, input: CreateUser): Refusal[] {
  const wanted = { permissions: input.permissions ?? [], agentIds: input.agentIds ?? null };
  if (input.workspaceRole) return [];
  return grantsBeyond(principal, NO_REACH, wanted).map((part) =>
    forbidden('You cannot give more than you hold yourself.', part),
  );
}

function checkInput(input: CreateUser): Refusal[] {
  return [
    ...checkName(input.displayName, 'displayName'),
    ...checkEmail(input.email, 'email'),
    ...checkPassword(input.password, 'password'),
    ...whenSet(input.avatarUrl, checkWebAddress, 'avatarUrl'),
    ...checkRole(input),
  ];
}

function checkRole({ organizationId, workspaceRole, permissions, agentIds }: CreateUser): Refusal[] {
  if (Boolean(organizationId) === Boolean(workspaceRole)) {
    return [
      refusal(
        'INVALID',
        'Give either an organization (for a member) or a role in the workspace (for staff).',
        'organizationId',
      ),
    ];
  }
  if (!workspaceRole) return [];
  const onlyMembers = 'Staff hold every permission and handle every agent: leave this out.';
  return [
    ...(permissions && permissions.length > 0 ? [refusal('INVALID', onlyMembers, 'permissions')] : []),
    ...(agentIds ? [refusal('INVALID', onlyMembers, 'agentIds')] : []),
  ];
}

async function refuseByRows(transaction: Transaction, input: CreateUser): Promise<Refusal[]> {
  const { workspaceId, organizationId, agentIds } = input;
  const refusals: Refusal[] = [];
  if (organizationId) {
    const organization = await transaction.rows(Organization, workspaceId).find({ id: organizationId });
    if (organization === null) return [notFound('organization', 'organizationId')];
    if (agentIds) refusals.push(...(await refuseForeignAgents(transaction, { workspaceId, organizationId }, agentIds)));
  }
  const email = Raw((column) => `lower(${column}) = lower(:email)`, { email: input.email.trim() });
  if ((await transaction.rows(User, workspaceId).find({ email })) !== null) {
    refusals.push(refusal('CONFLICT', 'Somebody in this workspace already has this e-mail address.', 'email'));
  }
  return refusals;
}

/** Writes a person whose input, grants and address have been checked. */
export async function insertUser(
  transaction: Transaction,
  input: Omit<CreateUser, 'password'>,
  passwordHash: string,
): Promise<User> {
  const permissions = PERMISSIONS.filter((permission) => input.permissions?.includes(permission));
  const user = await transaction.rows(User, input.workspaceId).insert({
    id: newId(),
    organizationId: input.organizationId ?? null,
    workspaceRole: input.workspaceRole ?? null,
    email: input.email.trim(),
    displayName: input.displayName.trim(),
    avatarUrl: input.avatarUrl ?? null,
    locale: null,
    passwordHash,
    permissions,
    limitedToAgents: Boolean(input.agentIds),
    available: true,
    lastActiveAt: null,
    disabledAt: null,
    createdAt: await transaction.now(),
  });
  if (input.agentIds) await replaceMemberAgents(transaction, user, input.agentIds);
  return user;
}
