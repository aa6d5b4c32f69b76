import { In } from 'typeorm';
import type { Transaction } from '../../database/transact';
import { notFound, type Refusal, refusal } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import type { User } from '../../entities/user';
import { UserAgent } from '../../entities/user-agent';

const MAX_AGENTS = 200;

/**
 * A member can be limited to agents of its own organization: every other one is NOT_FOUND, whosever it is, and so is
 * one that `isHidden` from whoever changes the member.
 */
export async function refuseForeignAgents(
  transaction: Transaction,
  member: { readonly workspaceId: string; readonly organizationId: string },
  agentIds: readonly string[],
  isHidden: (agentId: string) => boolean = () => false,
): Promise<Refusal[]> {
  if (agentIds.length > MAX_AGENTS) {
    return [refusal('LIMIT_EXCEEDED', `A member can be limited to at most ${MAX_AGENTS} agents.`, 'agentIds')];
  }
  const agents = transaction.rows(Agent, member.workspaceId);
  const found = await agents.list({ id: In([...agentIds]), organizationId: member.organizationId });
  const known = new Set(found.map((agent) => agent.id));
  return agentIds.flatMap((id, index) =>
    known.has(id) && !isHidden(id) ? [] : [notFound('agent of this organization', 'agentIds', String(index))],
  );
}

/** The agents that a member is limited to; null: all of the organization. */
export async function readMemberAgents(transaction: Transaction, user: User): Promise<string[] | null> {
  if (!user.limitedToAgents) return null;
  const rows = await transaction.rows(UserAgent, user.workspaceId).list({ userId: user.id });
  return rows.map((row) => row.agentId);
}

export async function replaceMemberAgents(
  transaction: Transaction,
  user: { readonly workspaceId: string; readonly id: string },
  agentIds: readonly string[],
): Promise<void> {
  const rows = transaction.rows(UserAgent, user.workspaceId);
  await rows.delete({ userId: user.id });
  for (const agentId of new Set(agentIds)) await rows.insert({ userId: user.id, agentId });
}
