import { In, Raw } from 'typeorm';
import type { Database } from '../../database/database';
import { read, SERVER } from '../../database/scope';
import { type Transaction, transact } from '../../database/transact';
import { type ClientFacts, clientOf, NOWHERE } from '../../domain/actor';
import { grantsBeyond, NO_REACH } from '../../domain/policies/member-policy';
import { mayManageMembers } from '../../domain/policies/settings-policy';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkName } from '../../domain/validation/name';
import { checkPassword } from '../../domain/validation/password';
import { Agent } from '../../entities/agent';
import { Invitation } from '../../entities/invitation';
import { InvitationAgent } from '../../entities/invitation-agent';
import { User } from '../../entities/user';
import type { PasswordHasher } from '../../identity/password-hasher';
import { hashToken } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { openSession, type SignedIn } from '../session/open-session';
import { insertUser } from '../user/create-user';
import { currentUser } from '../user/current-principal';

export interface AcceptInvitation extends Partial<ClientFacts> {
  readonly token: string;
  readonly displayName: string;
  readonly password: string;
}

/**
 * Makes the account of an invited person, with the address that the mail went to, and signs it in. Whoever invited must
 * still be able to give what is given. INVALID_CREDENTIALS: the token was never given out, was used or withdrawn, or
 * the account cannot be made any more; the holder of a token is told no more. TOKEN_EXPIRED after 7 days.
 */
export async function acceptInvitation(
  database: Database,
  input: AcceptInvitation,
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<SignedIn>> {
  const tokenHash = hashToken(input.token);
  const found = await read(database.source, SERVER, (manager) => manager.findOneBy(Invitation, { tokenHash }));
  if (found === null) return refused(useless());
  const invalid = [...checkName(input.displayName, 'displayName'), ...checkPassword(input.password, 'password')];
  if (invalid.length > 0) return refused(invalid);
  const passwordHash = await dependencies.passwords.hash(input.password);
  return transact(database, { workspaceId: found.workspaceId }, async (transaction) => {
    await lockWorkspace(transaction, found.workspaceId);
    const invitation = await transaction.rows(Invitation, found.workspaceId).lock({ id: found.id });
    if (invitation === null || invitation.acceptedAt !== null || invitation.revokedAt !== null)
      return refused(useless());
    const now = await transaction.now();
    if (invitation.expiresAt <= now) {
      return refused(refusal('TOKEN_EXPIRED', 'This invitation has expired. Ask for a new one.', 'token'));
    }
    const agentIds = await readAgents(transaction, invitation);
    if (!(await mayStillGive(transaction, invitation, agentIds))) return refused(useless());
    if (await isAddressTaken(transaction, invitation)) return refused(useless());
    const { workspaceId, organizationId, email, permissions } = invitation;
    const account = { workspaceId, organizationId, email, permissions, agentIds, displayName: input.displayName };
    const user = await insertUser(transaction, account, passwordHash);
    await transaction.rows(Invitation, workspaceId).update({ id: invitation.id }, { acceptedAt: now });
    const by = { kind: 'USER', userId: user.id, impersonatorId: null, ...clientOf(input) } as const;
    await audit(transaction, by, 'INVITATION_ACCEPTED', invitation);
    return done(await openSession(transaction, user, input.userAgent ?? null));
  });
}

function useless(): Refusal {
  return refusal('INVALID_CREDENTIALS', 'This invitation does not work, or not any more. Ask for a new one.', 'token');
}

/** Agents that have left the organization meanwhile are left out; null: every agent. */
async function readAgents(transaction: Transaction, invitation: Invitation): Promise<string[] | null> {
  const { id, workspaceId, organizationId, limitedToAgents } = invitation;
  if (!limitedToAgents) return null;
  const named = await transaction.rows(InvitationAgent, workspaceId).list({ invitationId: id });
  const ids = In(named.map(({ agentId }) => agentId));
  return (await transaction.rows(Agent, workspaceId).list({ id: ids, organizationId })).map((agent) => agent.id);
}

/** An invitation must not outlive the power of the one who sent it: a dismissed member would leave a door open. */
async function mayStillGive(
  transaction: Transaction,
  invitation: Invitation,
  agentIds: readonly string[] | null,
): Promise<boolean> {
  const { workspaceId, invitedBy, permissions } = invitation;
  if (invitedBy === null) return true;
  const inviter = {
    kind: 'USER',
    workspaceId,
    userId: invitedBy,
    sessionId: '',
    impersonatorId: null,
    ...NOWHERE,
  } as const;
  const principal = await currentUser(transaction, inviter);
  return (
    mayManageMembers(principal, invitation) && grantsBeyond(principal, NO_REACH, { permissions, agentIds }).length === 0
  );
}

async function isAddressTaken(transaction: Transaction, { workspaceId, email }: Invitation): Promise<boolean> {
  const same = Raw((column) => `lower(${column}) = lower(:email)`, { email });
  return (await transaction.rows(User, workspaceId).find({ email: same })) !== null;
}
