import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import { type Permission, PERMISSIONS, type Principal } from '../../domain/actor';
import { type AuditAction, changesOf } from '../../domain/audit';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { coversAgent } from '../../domain/policies/conversation-policy';
import { grantsBeyond, mayManageStaff } from '../../domain/policies/member-policy';
import { mayManageMembers, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { canonicalLocale, checkLocale } from '../../domain/validation/locale';
import { checkName } from '../../domain/validation/name';
import { givenValues, refuseNulls, whenSet } from '../../domain/validation/patch';
import { checkWebAddress } from '../../domain/validation/web-address';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { refuseUnsafeChange, type TargetCheck } from '../organization/refuse-unsafe-url';
import { accessChanged } from '../session/access-events';
import { endSessions } from '../session/end-sessions';
import { currentPrincipal } from './current-principal';
import { isLastOwner } from './last-owner';
import { readMemberAgents, refuseForeignAgents, replaceMemberAgents } from './member-agents';

/** Left out keeps the value; null takes the picture, the language, or the limit to some agents, away. */
export interface UpdateUser {
  readonly id: string;
  readonly displayName?: string | null;
  readonly avatarUrl?: string | null;
  readonly locale?: string | null;
  readonly permissions?: readonly Permission[] | null;
  readonly agentIds?: readonly string[] | null;
  readonly disabled?: boolean | null;
}

/**
 * Changes a person. Everybody may change their own name, picture and language and nothing else of themselves; the rest
 * takes MANAGE_MEMBERS, and for an owner another owner. Disabling ends every session. CONFLICT: the last owner stays. The last
 * member with MANAGE_MEMBERS stays too, as far as members go: it takes another one to change them.
 */
export async function updateUser(
  database: Database,
  caller: Principal,
  input: UpdateUser,
  targets: TargetCheck,
): Promise<Outcome<User>> {
  const unsafe = await refuseUnsafeChange(targets, {
    url: input.avatarUrl,
    path: ['avatarUrl'],
    look: () => transact(database, caller, async (transaction) => (await lockUser(transaction, caller, input)).found),
  });
  if (unsafe !== null) return unsafe;
  return transact(database, caller, async (transaction) => {
    const { principal, found } = await lockUser(transaction, caller, input);
    if (found.value === null) return found;
    const user = found.value;
    const impossible = await refuseByRows(transaction, principal, user, input);
    return impossible.length > 0 ? refused(impossible) : done(await save(transaction, principal, user, input));
  });
}

/** The person, for whoever may change them in this way, and the caller as they are under the lock. */
async function lockUser(
  transaction: Transaction,
  caller: Principal,
  input: UpdateUser,
): Promise<{ principal: Principal; found: Outcome<User> }> {
  await lockWorkspace(transaction, caller.workspaceId);
  const principal = await currentPrincipal(transaction, caller);
  const user = await transaction.rows(User, principal.workspaceId).lock({ id: input.id });
  if (user === null || !maySee(principal, user)) return { principal, found: refused(notFound('user', 'id')) };
  const refusals = refuseChange(principal, user, input);
  const invalid = refusals.length > 0 ? refusals : checkInput(user, input);
  return { principal, found: invalid.length > 0 ? refused(invalid) : done(user) };
}

function refuseChange(principal: Principal, user: User, input: UpdateUser): Refusal[] {
  const impersonated = refuseImpersonator(principal, 'manageMembers');
  if (impersonated !== null) return [impersonated];
  if (principal.kind === 'USER' && principal.userId === user.id) {
    const others = (['permissions', 'agentIds', 'disabled'] as const).filter((field) => input[field] !== undefined);
    return others.map((field) => forbidden('Somebody else has to change this for you.', field));
  }
  if (!mayManageMembers(principal, user)) return [forbidden('This takes the permission MANAGE_MEMBERS.', 'id')];
  if (user.workspaceRole === null || mayManageStaff(principal, user.workspaceRole)) return [];
  return [forbidden('Only an owner of the workspace may change an owner.', 'id')];
}

function checkInput(user: User, input: UpdateUser): Refusal[] {
  const refusals = [
    ...refuseNulls(input, ['displayName', 'permissions', 'disabled']),
    ...whenSet(input.displayName, checkName, 'displayName'),
    ...whenSet(input.avatarUrl, checkWebAddress, 'avatarUrl'),
    ...whenSet(input.locale, checkLocale, 'locale'),
  ];
  if (user.organizationId !== null) return refusals;
  const onlyMembers = 'Staff hold every permission and handle every agent: leave this out.';
  if (input.permissions && input.permissions.length > 0) refusals.push(refusal('INVALID', onlyMembers, 'permissions'));
  if (input.agentIds) refusals.push(refusal('INVALID', onlyMembers, 'agentIds'));
  return refusals;
}

async function refuseByRows(
  transaction: Transaction,
  principal: Principal,
  user: User,
  input: UpdateUser,
): Promise<Refusal[]> {
  if (input.disabled === true && (await isLastOwner(transaction, user))) {
    return [refusal('CONFLICT', 'This is the last owner of the workspace. Make another owner first.', 'disabled')];
  }
  const { workspaceId, organizationId } = user;
  if (organizationId === null) return [];
  const agentIds = await readMemberAgents(transaction, user);
  const current = { permissions: user.permissions, agentIds };
  const wanted = {
    permissions: input.permissions ?? current.permissions,
    agentIds: input.agentIds === undefined ? agentIds : input.agentIds,
  };
  const beyond = grantsBeyond(principal, current, wanted);
  if (beyond.length > 0) return beyond.map((part) => forbidden('You cannot give more than you hold yourself.', part));
  if (!input.agentIds) return [];
  const isHidden = (id: string): boolean => !coversAgent(principal, id) && agentIds?.includes(id) !== true;
  return refuseForeignAgents(transaction, { workspaceId, organizationId }, input.agentIds, isHidden);
}

async function save(transaction: Transaction, principal: Principal, user: User, input: UpdateUser): Promise<User> {
  const now = await transaction.now();
  const { permissions } = input;
  const change = givenValues<Partial<User>>({
    displayName: input.displayName?.trim(),
    avatarUrl: input.avatarUrl,
    locale: input.locale ? canonicalLocale(input.locale) : input.locale,
    permissions: permissions ? PERMISSIONS.filter((permission) => permissions.includes(permission)) : undefined,
    limitedToAgents: input.agentIds === undefined ? undefined : input.agentIds !== null,
    disabledAt: disabledAt(user, input, now),
  });
  if (Object.keys(change).length === 0) return user;
  await auditUpdate(transaction, principal, user, change, input.agentIds);
  await transaction.rows(User, user.workspaceId).update({ id: user.id }, change);
  if (input.agentIds !== undefined) await replaceMemberAgents(transaction, user, input.agentIds ?? []);
  if (input.permissions !== undefined || input.agentIds !== undefined) {
    transaction.append(accessChanged(user.workspaceId, user.id));
  }
  if (input.disabled === true) await endSessions(transaction, user, now);
  return { ...user, ...change };
}

async function auditUpdate(
  transaction: Transaction,
  principal: Principal,
  user: User,
  { limitedToAgents: _limitedToAgents, ...change }: Partial<User>,
  agentIds: UpdateUser['agentIds'],
): Promise<void> {
  const before = { ...user, agentIds: sorted(await readMemberAgents(transaction, user)) };
  const changes = changesOf(before, agentIds === undefined ? change : { ...change, agentIds: sorted(agentIds) });
  if (changes.length > 0) await audit(transaction, principal, actionOf(user, change), user, changes);
}

function actionOf(user: User, { disabledAt: after }: Partial<User>): AuditAction {
  if (after === undefined || (after === null) === (user.disabledAt === null)) return 'USER_UPDATED';
  return after === null ? 'USER_ENABLED' : 'USER_DISABLED';
}

function sorted(ids: readonly string[] | null): string[] | null {
  return ids && [...new Set(ids)].sort();
}

function disabledAt(user: User, input: UpdateUser, now: Date): Date | null | undefined {
  if (input.disabled === true) return user.disabledAt ?? now;
  return input.disabled === false ? null : undefined;
}
