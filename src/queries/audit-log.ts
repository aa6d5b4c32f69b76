import type { EntityManager } from 'typeorm';
import type { AuditAction } from '../domain/audit';
import { AuditEntry } from '../entities/audit-entry';
import { listNewestFirst, type ListOwner, owned } from './lists';
import type { Page, PageRequest } from './keyset';

/** Newest first, of these actions or all. The caller has authorized the owner. An index has each action in order: a lane for each. */
export async function listAuditEntries(
  manager: EntityManager,
  owner: ListOwner,
  actions: readonly AuditAction[] | null,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const conditions = owned(owner);
  if (actions === null) return listNewestFirst(manager, AuditEntry, conditions, page);
  const lanes = `unnest(${conditions.parameter([...new Set(actions)])}::text[]) lane (action)`;
  conditions.addPlain('t.action = lane.action');
  return listNewestFirst(manager, AuditEntry, conditions, page, lanes);
}
