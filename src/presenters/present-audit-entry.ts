import type { AuditChange as StoredChange } from '../domain/audit';
import { encodePublicId, type PublicIdType } from '../domain/public-id';
import type { AuditEntry as AuditEntryRow } from '../entities/audit-entry';
import { AuditChange, AuditEntry } from '../schema/audit-entry';

const SUBJECT_TYPES: Record<AuditEntryRow['subjectKind'], PublicIdType> = {
  WORKSPACE: 'workspace',
  ORGANIZATION: 'organization',
  USER: 'user',
  SESSION: 'session',
  INVITATION: 'invitation',
  AGENT: 'agent',
  API_KEY: 'apiKey',
  CONVERSATION: 'conversation',
  VISITOR: 'visitor',
  CANNED_ANSWER: 'cannedAnswer',
};

const ACTOR_TYPES: Partial<Record<AuditEntryRow['actorKind'], PublicIdType>> = {
  USER: 'user',
  VISITOR: 'visitor',
  API_KEY: 'apiKey',
};

/** Changed fields that hold ids, which clients know by their public form. */
const ID_FIELDS: Readonly<Record<string, PublicIdType>> = { operatorId: 'user', agentId: 'agent', agentIds: 'agent' };

export function presentAuditEntry(row: AuditEntryRow): AuditEntry {
  const actorType = ACTOR_TYPES[row.actorKind];
  return Object.assign(new AuditEntry(), {
    id: encodePublicId('auditEntry', row.id),
    action: row.action,
    actorKind: row.actorKind,
    actorId: actorType === undefined || row.actorId === null ? null : encodePublicId(actorType, row.actorId),
    subjectKind: row.subjectKind,
    subjectId: encodePublicId(SUBJECT_TYPES[row.subjectKind], row.subjectId),
    changes: row.changes.map(presentChange),
    createdAt: row.createdAt,
    workspaceRef: row.workspaceId,
    organizationRef: row.organizationId,
    actorRef: row.actorKind === 'USER' ? row.actorId : null,
    impersonatorRef: row.impersonatorId,
    storedAddress: row.address,
    storedUserAgent: row.userAgent,
  });
}

function presentChange({ field, before, after }: StoredChange): AuditChange {
  const type = ID_FIELDS[field];
  const present = (value: unknown): string | null => textOf(type === undefined ? value : withPublicIds(type, value));
  return Object.assign(new AuditChange(), { field, before: present(before), after: present(after) });
}

function withPublicIds(type: PublicIdType, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withPublicIds(type, one));
  return typeof value === 'string' ? encodePublicId(type, value) : value;
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
