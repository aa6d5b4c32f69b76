import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import { storable } from '../database/storable';
import { Agent } from '../entities/agent';

/** Public: the key is printed into the partner's pages. */
export async function findAgentByPublicKey(source: DataSource, publicKey: string): Promise<Agent | null> {
  return read(source, SERVER, (manager) => manager.findOne(Agent, { where: { publicKey: storable(publicKey) } }));
}

/** Null: it is assigned to none, or does not exist. */
export async function organizationOfAgent(source: DataSource, agentId: string): Promise<string | null> {
  const select = { id: true, organizationId: true };
  const agent = await read(source, SERVER, (manager) => manager.findOne(Agent, { where: { id: agentId }, select }));
  return agent?.organizationId ?? null;
}
