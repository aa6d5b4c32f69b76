import { type DataSource, In } from 'typeorm';
import { read, SERVER } from '../database/scope';
import { storable } from '../database/storable';
import { Agent } from '../entities/agent';
import { type LaneBounds, Lanes } from '../lanes/lanes';
import { oneEach } from '../lanes/one-each';

/** Public: the key is printed into the partner's pages. */
export async function findAgentByPublicKey(source: DataSource, publicKey: string): Promise<Agent | null> {
  return read(source, SERVER, (manager) => manager.findOne(Agent, { where: { publicKey: storable(publicKey) } }));
}

/** Null: it is assigned to none, or does not exist. Those who ask at the same time are answered together. */
export async function organizationOfAgent(source: DataSource, agentId: string): Promise<string | null> {
  return organizationLanesOf(source).add('', agentId);
}

const BOUNDS: LaneBounds = { batch: 256, running: 1, waiting: 8192, waitingInLane: 8192 };

const organizationLanesOf = oneEach(
  (source: DataSource) =>
    new Lanes<string, string | null>(async (batch) => {
      const select = { id: true, organizationId: true };
      const ids = batch.map(({ item }) => item);
      const agents = await read(source, SERVER, (manager) => manager.find(Agent, { where: { id: In(ids) }, select }));
      const organizations = new Map(agents.map(({ id, organizationId }) => [id, organizationId]));
      for (const { item, resolve } of batch) resolve(organizations.get(item) ?? null);
    }, BOUNDS),
);
