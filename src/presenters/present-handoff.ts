import { encodePublicId } from '../domain/public-id';
import type { Handoff as HandoffRow } from '../entities/handoff';
import { Handoff } from '../schema/handoff';
import { presenter } from './presenter';

export const presentHandoff = presenter<HandoffRow, Handoff>(Handoff, {
  id: ({ id }) => encodePublicId('handoff', id),
  state: ({ state }) => state,
  origin: ({ origin }) => origin,
  reason: ({ reason }) => reason,
  summary: ({ summary }) => summary,
  requestedAt: ({ requestedAt }) => requestedAt,
  answerBy: ({ answerBy }) => answerBy,
  nextRungAt: ({ nextRungAt }) => nextRungAt ?? null,
  rung: ({ rung }) => rung ?? null,
  acceptedAt: ({ acceptedAt }) => acceptedAt,
  endedAt: ({ endedAt }) => endedAt,
  brief: ({ brief }) => brief,
  version: ({ version }) => version,
  handoffRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  conversationRef: ({ conversationId }) => conversationId,
  acceptedByRef: ({ acceptedById }) => acceptedById,
  // Events of an older release have none.
  transferredByRef: ({ transferredById }) => transferredById ?? null,
});
