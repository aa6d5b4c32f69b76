import type { EntityManager } from 'typeorm';
import type { AuditAction } from '../domain/audit';
import { AuditEntry } from '../entities/audit-entry';
import { listNewestFirst, type ListOwner, owned } from './lists';
import type { Page, PageRequest } from './keyset';

/** Newest first. The caller has authorized the owner. */
export async function listAuditEntries(
  manager: EntityManager,
  owner: ListOwner,
  actions: readonly AuditAction[] | null,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const conditions = owned(owner);
  if (actions !== null) conditions.add((p) => `t.action = any (${p}::text[])`, actions);
  return listNewestFirst(manager, AuditEntry, conditions, page);
}
