import type { EntityManager } from 'typeorm';
import { Host } from '../entities/host';

/** Whose brand a host shows; null for a host of nobody. For callers without a credential: it answers for any tenant. */
export async function findHost(manager: EntityManager, host: string): Promise<Host | null> {
  return manager.findOneBy(Host, { host });
}
