import { IsNull, MoreThan, Raw } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { type Transaction, transact } from '../../database/transact';
import { type Permission, PERMISSIONS, type Principal } from '../../domain/actor';
import type { MailTokens } from '../../domain/mail-token';
import { grantsBeyond, NO_REACH } from '../../domain/policies/member-policy';
import { mayManageMembers, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkEmail } from '../../domain/validation/email';
import { Invitation } from '../../entities/invitation';
import { InvitationAgent } from '../../entities/invitation-agent';
import { Organization } from '../../entities/organization';
import { User } from '../../entities/user';
import { hashToken } from '../../identity/tokens';
import { addMail } from '../delivery/add-mail';
import { lockWorkspace } from '../organization/lock-workspace';
import { refuseForeignAgents } from '../user/member-agents';

export interface InviteUser {
  readonly organizationId: string;
  readonly email: string;
  readonly permissions: readonly Permission[];
  /** Null or left out: every agent of the organization. */
  readonly agentIds?: readonly string[] | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_MS = 7 * DAY_MS;
/** Mails to one address in 24 hours: it may be a stranger's. */
const MAX_PER_DAY = 5;

/**
 * Mails somebody a link with which they become a member of an organization, once and within 7 days. An earlier open
 * invitation of the same address to the same organization ends. Needs MANAGE_MEMBERS; nobody gives more than they hold.
 * CONFLICT: somebody in the workspace has the address. LIMIT_EXCEEDED: too many mails to it today.
 */
export async function inviteUser(
  database: Database,
  principal: Principal,
  input: InviteUser,
  dependencies: { readonly mailTokens: MailTokens },
): Promise<Outcome<Invitation>> {
  const owner = { workspaceId: principal.workspaceId, organizationId: input.organizationId };
  if (!maySee(principal, owner)) return refused(notFound('organization', 'organizationId'));
  return transact(database, principal, async (transaction) => {
    await lockWorkspace(transaction, principal.workspaceId);
    const organization = await transaction.rows(Organization, principal.workspaceId).find({ id: input.organizationId });
    if (organization === null) return refused(notFound('organization', 'organizationId'));
    if (!mayManageMembers(principal, owner)) return refused(forbidden('This takes the permission MANAGE_MEMBERS.'));
    // Grants first: whoever may not give an agent is not told whether there is one.
    const invalid = [...checkEmail(input.email, 'email'), ...refuseGrants(principal, input)];
    if (invalid.length > 0) return refused(invalid);
    const foreign = input.agentIds ? await refuseForeignAgents(transaction, owner, input.agentIds) : [];
    if (foreign.length > 0) return refused(foreign);
    const now = await transaction.now();
    const taken = await refuseAddress(transaction, principal.workspaceId, input.email, now);
    if (taken !== null) return refused(taken);
    await endEarlier(transaction, owner, input.email, now);
    return done(await insertInvitation(transaction, principal, input, { now, ...dependencies }));
  });
}

function refuseGrants(principal: Principal, input: InviteUser): Refusal[] {
  const wanted = { permissions: input.permissions, agentIds: input.agentIds ?? null };
  return grantsBeyond(principal, NO_REACH, wanted).map((part) =>
    forbidden('You cannot give more than you hold yourself.', part),
  );
}

async function refuseAddress(
  transaction: Transaction,
  workspaceId: string,
  address: string,
  now: Date,
): Promise<Refusal | null> {
  const email = isAddress(address);
  if ((await transaction.rows(User, workspaceId).find({ email })) !== null) {
    return refusal('CONFLICT', 'Somebody in this workspace already has this e-mail address.', 'email');
  }
  const since = MoreThan(new Date(now.getTime() - DAY_MS));
  const mailed = await transaction.rows(Invitation, workspaceId).list({ email, createdAt: since });
  if (mailed.length < MAX_PER_DAY) return null;
  const message = `This address has been invited ${MAX_PER_DAY} times within a day. Try again tomorrow.`;
  return refusal('LIMIT_EXCEEDED', message, 'email');
}

async function endEarlier(
  transaction: Transaction,
  { workspaceId, organizationId }: { readonly workspaceId: string; readonly organizationId: string },
  address: string,
  revokedAt: Date,
): Promise<void> {
  const open = { organizationId, email: isAddress(address), acceptedAt: IsNull(), revokedAt: IsNull() };
  await transaction.rows(Invitation, workspaceId).update(open, { revokedAt });
}

/** In any case of its letters. */
function isAddress(address: string): ReturnType<typeof Raw> {
  return Raw((column) => `lower(${column}) = lower(:email)`, { email: address.trim() });
}

async function insertInvitation(
  transaction: Transaction,
  principal: Principal,
  input: InviteUser,
  { now, mailTokens }: { readonly now: Date; readonly mailTokens: MailTokens },
): Promise<Invitation> {
  const { workspaceId } = principal;
  const id = newId();
  const invitation = await transaction.rows(Invitation, workspaceId).insert({
    id,
    organizationId: input.organizationId,
    email: input.email.trim(),
    permissions: PERMISSIONS.filter((permission) => input.permissions.includes(permission)),
    limitedToAgents: Boolean(input.agentIds),
    tokenHash: hashToken(mailTokens('INVITATION', id)),
    invitedBy: principal.kind === 'USER' ? principal.userId : null,
    expiresAt: new Date(now.getTime() + VALID_MS),
    acceptedAt: null,
    revokedAt: null,
    createdAt: now,
  });
  const agents = transaction.rows(InvitationAgent, workspaceId);
  for (const agentId of new Set(input.agentIds ?? [])) await agents.insert({ invitationId: id, agentId });
  await addMail(transaction, invitation, { invitationId: id }, now);
  return invitation;
}
