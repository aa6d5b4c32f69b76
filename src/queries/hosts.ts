import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import { Host } from '../entities/host';

/** Whose brand a host shows; null for a host of nobody. For callers without a credential: it answers for any tenant. */
export async function findHost(source: DataSource, host: string): Promise<Host | null> {
  return read(source, SERVER, (manager) => manager.findOneBy(Host, { host }));
}
