import type { EntityManager } from 'typeorm';
import { Agent } from '../entities/agent';

/** Public: the key is printed into the partner's pages. */
export async function findAgentByPublicKey(manager: EntityManager, publicKey: string): Promise<Agent | null> {
  return manager.findOne(Agent, { where: { publicKey } });
}
