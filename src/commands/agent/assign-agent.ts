import type { Database } from '../../database/database';
import { operatorsAmong } from '../../database/operators';
import { type Transaction, transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { maySeeAgent } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import { Organization } from '../../entities/organization';
import { UserAgent } from '../../entities/user-agent';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { accessChanged } from '../session/access-events';
import { writeAgent } from './managed-agent';

export interface AssignAgent {
  readonly agentId: string;
  /** Null takes the agent back to the workspace. */
  readonly organizationId: string | null;
}

/**
 * Assigns an agent to an organization of its workspace, or takes it back. Staff only. Conversations that have begun stay
 * with the organization in which they began, and the agent's settings stay as they are, but for members that
 * its ladder names.
 */
export async function assignAgent(
  database: Database,
  principal: Principal,
  input: AssignAgent,
): Promise<Outcome<Agent>> {
  return transact(database, principal, async (transaction) => {
    const { workspaceId } = principal;
    // Nobody is being limited to the agent meanwhile.
    if (isStaff(principal)) await lockWorkspace(transaction, workspaceId);
    const agent = await transaction.rows(Agent, workspaceId).lock({ id: input.agentId });
    if (agent === null || !maySeeAgent(principal, agent)) return refused(notFound('agent', 'agentId'));
    if (!isStaff(principal)) return refused(forbidden('Only staff of the workspace may assign an agent.', 'agentId'));
    const { organizationId } = input;
    if (organizationId !== null) {
      const organization = await transaction.rows(Organization, workspaceId).find({ id: organizationId });
      if (organization === null) return refused(notFound('organization', 'organizationId'));
    }
    if (organizationId === agent.organizationId) return done(agent);
    await takeFromMembers(transaction, agent);
    // An entry for each of the two, which says nothing of the other: they may be competitors.
    if (agent.organizationId !== null) await audit(transaction, principal, 'AGENT_UNASSIGNED', agent);
    if (organizationId !== null) await audit(transaction, principal, 'AGENT_ASSIGNED', { ...agent, organizationId });
    const escalation = await withoutStrangers(transaction, { ...agent, organizationId });
    return done(await writeAgent(transaction, agent, { organizationId, ...(escalation && { escalation }) }));
  });
}

/**
 * The agent's ladder without those who may not handle it there: the next organization does not learn who they are. Null
 * when nothing changes.
 */
async function withoutStrangers({ manager }: Transaction, agent: Agent): Promise<Agent['escalation']> {
  const { escalation, id: agentId, workspaceId, organizationId } = agent;
  if (escalation === null || escalation.fallbackUserIds.length === 0) return null;
  const able = await operatorsAmong(manager, { workspaceId, organizationId, agentId }, escalation.fallbackUserIds);
  return { ...escalation, fallbackUserIds: escalation.fallbackUserIds.filter((userId) => able.has(userId)) };
}

/** Members of the former organization must not get the agent back by a later reassignment that nobody thinks of them in. */
async function takeFromMembers(transaction: Transaction, agent: Agent): Promise<void> {
  const limits = transaction.rows(UserAgent, agent.workspaceId);
  const limited = await limits.list({ agentId: agent.id });
  await limits.delete({ agentId: agent.id });
  transaction.append(...limited.map(({ userId }) => accessChanged(agent.workspaceId, userId)));
}
