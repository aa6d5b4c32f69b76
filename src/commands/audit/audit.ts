import { newId } from '../../database/ids';
import type { Transaction } from '../../database/transact';
import { AUDIT_SUBJECTS, type AuditAction, type AuditActor, type AuditChange } from '../../domain/audit';
import { AuditEntry } from '../../entities/audit-entry';
import { storable } from '../../database/storable';

/** What it was done to, and in whose log it belongs beside the workspace's. */
export interface AuditSubject {
  readonly id: string;
  readonly workspaceId: string;
  readonly organizationId: string | null;
}

const MAX_USER_AGENT = 300;

/**
 * Writes into the audit log who did what, in the transaction of the change itself: both are there or neither is. Call it
 * once something has changed, never for a refusal.
 */
export async function audit(
  transaction: Transaction,
  actor: AuditActor,
  action: AuditAction,
  subject: AuditSubject,
  changes: readonly AuditChange[] = [],
): Promise<void> {
  await transaction.rows(AuditEntry, subject.workspaceId).insert({
    id: newId(),
    organizationId: subject.organizationId,
    action,
    actorKind: actor.kind,
    actorId: idOf(actor),
    impersonatorId: actor.kind === 'USER' ? actor.impersonatorId : null,
    subjectKind: AUDIT_SUBJECTS[action],
    subjectId: subject.id,
    changes,
    address: actor.address,
    userAgent: actor.userAgent === null ? null : storable(actor.userAgent).slice(0, MAX_USER_AGENT),
    createdAt: await transaction.now(),
  });
}

function idOf(actor: AuditActor): string | null {
  switch (actor.kind) {
    case 'USER':
      return actor.userId;
    case 'VISITOR':
      return actor.visitorId;
    case 'API_KEY':
      return actor.keyId;
    default:
      return null;
  }
}
