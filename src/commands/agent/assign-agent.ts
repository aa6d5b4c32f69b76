import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { isStaff, type Principal } from '../../domain/actor';
import { maySeeAgent } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import { Organization } from '../../entities/organization';
import { UserAgent } from '../../entities/user-agent';
import { audit } from '../audit/audit';
import { writeAgent } from './managed-agent';

export interface AssignAgent {
  readonly agentId: string;
  /** Null takes the agent back to the workspace. */
  readonly organizationId: string | null;
}

/**
 * Assigns an agent to an organization of its workspace, or takes it back. Staff only. Conversations that have begun stay
 * with the organization in which they began, and the agent's settings stay as they are.
 */
export async function assignAgent(
  database: Database,
  principal: Principal,
  input: AssignAgent,
): Promise<Outcome<Agent>> {
  return transact(database, principal, async (transaction) => {
    const { workspaceId } = principal;
    const agent = await transaction.rows(Agent, workspaceId).lock({ id: input.agentId });
    if (agent === null || !maySeeAgent(principal, agent)) return refused(notFound('agent', 'agentId'));
    if (!isStaff(principal)) return refused(forbidden('Only staff of the workspace may assign an agent.', 'agentId'));
    const { organizationId } = input;
    if (organizationId !== null) {
      const organization = await transaction.rows(Organization, workspaceId).find({ id: organizationId });
      if (organization === null) return refused(notFound('organization', 'organizationId'));
    }
    if (organizationId === agent.organizationId) return done(agent);
    // Members of the former organization must not get the agent back by a later reassignment that nobody thinks of them in.
    await transaction.rows(UserAgent, workspaceId).delete({ agentId: agent.id });
    // An entry for each of the two, which says nothing of the other: they may be competitors.
    if (agent.organizationId !== null) await audit(transaction, principal, 'AGENT_UNASSIGNED', agent);
    if (organizationId !== null) await audit(transaction, principal, 'AGENT_ASSIGNED', { ...agent, organizationId });
    return done(await writeAgent(transaction, agent, { organizationId }));
  });
}
