import type { Transaction } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { type AuditAction, changesOf } from '../../domain/audit';
import { mayManageAgent, maySeeAgent } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import { audit } from '../audit/audit';

/** Locks an agent whose settings the principal may change; `path` leads to its id in the input. */
export async function lockManagedAgent(
  transaction: Transaction,
  principal: Principal,
  agentId: string,
  ...path: string[]
): Promise<Outcome<Agent>> {
  const agent = await transaction.rows(Agent, principal.workspaceId).lock({ id: agentId });
  if (agent === null || !maySeeAgent(principal, agent)) return refused(notFound('agent', ...path));
  if (!mayManageAgent(principal, agent))
    return refused(forbidden('This takes the permission MANAGE_AGENT_SETTINGS.', ...path));
  return done(agent);
}

/** Saves what has changed and who did it. */
export async function saveAgent(
  transaction: Transaction,
  agent: Agent,
  change: Partial<Agent>,
  by: { readonly principal: Principal; readonly action: AuditAction },
): Promise<Agent> {
  const changes = changesOf(agent, change);
  if (changes.length > 0) await audit(transaction, by.principal, by.action, agent, changes);
  return writeAgent(transaction, agent, change);
}

/** Writes what has changed and counts the version up; nothing to change, nothing written. */
export async function writeAgent(transaction: Transaction, agent: Agent, change: Partial<Agent>): Promise<Agent> {
  if (Object.keys(change).length === 0) return agent;
  const versioned = { ...change, version: agent.version + 1 };
  await transaction.rows(Agent, agent.workspaceId).update({ id: agent.id }, versioned);
  return { ...agent, ...versioned };
}
