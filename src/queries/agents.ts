import type { EntityManager } from 'typeorm';
import { Agent } from '../entities/agent';

/** Public: the key is printed into the partner's pages. */
export async function findAgentByPublicKey(manager: EntityManager, publicKey: string): Promise<Agent | null> {
  return manager.findOne(Agent, { where: { publicKey } });
}

/** Null: it is assigned to none, or does not exist. */
export async function organizationOfAgent(manager: EntityManager, agentId: string): Promise<string | null> {
  const agent = await manager.findOne(Agent, { where: { id: agentId }, select: { id: true, organizationId: true } });
  return agent?.organizationId ?? null;
}
