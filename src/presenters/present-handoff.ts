import { encodePublicId } from '../domain/public-id';
import type { Handoff as HandoffRow } from '../entities/handoff';
import { Handoff } from '../schema/handoff';

export function presentHandoff(row: HandoffRow): Handoff {
  return Object.assign(new Handoff(), {
    id: encodePublicId('handoff', row.id),
    state: row.state,
    origin: row.origin,
    reason: row.reason,
    summary: row.summary,
    requestedAt: row.requestedAt,
    answerBy: row.answerBy,
    nextRungAt: row.nextRungAt ?? null,
    rung: row.rung ?? null,
    acceptedAt: row.acceptedAt,
    endedAt: row.endedAt,
    brief: row.brief,
    version: row.version,
    handoffRef: row.id,
    workspaceRef: row.workspaceId,
    conversationRef: row.conversationId,
    acceptedByRef: row.acceptedById,
    // Events of an older release have none.
    transferredByRef: row.transferredById ?? null,
  });
}
