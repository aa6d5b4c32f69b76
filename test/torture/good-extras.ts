import type {
  AttachmentRow,
  EventRow,
  HandoffRow,
  NoteRow,
  NotificationRow,
  RungRow,
} from '../../torture/history/final-state';
import type { UploadRecord } from '../../torture/history/history';

/** Files of the good history, by the message that carries them. */
export const FILES_OF: Readonly<Record<string, readonly string[]>> = { m4: ['f1'], m6: ['f2', 'f3'] };

export const UPLOADS: readonly UploadRecord[] = ['f1', 'f2', 'f3', 'never sent'].map((id, index) => ({
  id,
  conversationId: 'conversation',
  fileName: `${id}.txt`,
  byteSize: 100 + index,
  sha256: `sha of ${id}`,
  isAcked: true,
}));

export const ATTACHMENTS: readonly AttachmentRow[] = UPLOADS.map(({ id, conversationId, byteSize, sha256 }) => {
  const messageId = Object.keys(FILES_OF).find((message) => FILES_OF[message]?.includes(id)) ?? null;
  return { id, conversationId, state: messageId === null ? 'UPLOADED' : 'ATTACHED', messageId, byteSize, sha256 };
});

/** The first while somebody has the conversation, the second with a transfer. */
export const NOTES: readonly NoteRow[] = [
  { id: 'n1', nonce: 'nonce of n1', text: 'She is in a hurry.', createdAt: 7_000 },
  { id: 'n2', nonce: null, text: 'Ask her for the number.', createdAt: 8_000 },
].map((note) => ({ ...note, conversationId: 'conversation', authorId: 'ada' }));

/** A request at an agent with a ladder, which nobody took: it was climbed to its end. */
export const CLIMBED: Omit<HandoffRow, 'nextRungAt'> = {
  id: 'h3',
  conversationId: 'quiet',
  agentId: 'laddered',
  state: 'UNANSWERED',
  answerBy: 60_000,
  endedAt: 60_050,
  acceptedById: null,
};

const rung = (handoffId: string, name: RungRow['rung'], dueAt: number, reachedAt: number | null): RungRow => {
  const isReached = reachedAt !== null;
  return {
    handoffId,
    rung: name,
    state: isReached ? 'REACHED' : 'SKIPPED',
    dueAt,
    reachedAt,
    detail: isReached ? null : 'ENDED',
  };
};

export const RUNGS: readonly RungRow[] = [
  rung('h1', 'EVERYONE', 5_000, 5_000),
  rung('h1', 'UNANSWERED', 40_000, null),
  rung('h2', 'EVERYONE', 32_000, 32_000),
  rung('h2', 'UNANSWERED', 40_000, 40_001),
  rung('h3', 'ONLINE', 50_000, 50_000),
  rung('h3', 'EVERYONE', 51_000, 51_200),
  rung('h3', 'FALLBACK', 53_000, 53_100),
  rung('h3', 'UNANSWERED', 60_000, 60_050),
];

const climb = (version: number, at: number, more: Partial<EventRow>): [string, string, Partial<EventRow>] => [
  'HANDOFF_CHANGED',
  'h3',
  { state: 'REQUESTED', version, at, conversationId: 'quiet', agentId: 'laddered', ...more },
];

export const CLIMB = [
  climb(1, 50_000, { rung: 'ONLINE' }),
  climb(2, 51_200, { rung: 'EVERYONE' }),
  climb(3, 53_100, { rung: 'FALLBACK' }),
  climb(4, 60_050, { state: 'UNANSWERED', rung: 'UNANSWERED' }),
];

const told = (kind: string, userId: string, windowStart: number, leavesAt: number): NotificationRow => ({
  id: `${kind} h3 ${userId} ${windowStart}`,
  ...{ userId, kind, subjectId: 'h3', windowStart, leavesAt },
});

/** Ada was online, cleo is named, and so is olga, who is of the staff. */
export const TOLD_ON_RUNGS: readonly NotificationRow[] = [
  told('HANDOFF_REQUESTED', 'ada', 0, 50_010),
  told('HANDOFF_REQUESTED', 'cleo', 0, 51_210),
  told('HANDOFF_REQUESTED', 'cleo', 53_100, 53_100),
  told('HANDOFF_REQUESTED', 'olga', 53_100, 53_110),
  told('HANDOFF_UNANSWERED', 'ada', 0, 60_060),
  told('HANDOFF_UNANSWERED', 'cleo', 0, 60_060),
];
