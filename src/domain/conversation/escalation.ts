/** Who is told of a request that waits: those online, then all who may handle the agent, then those named; then nobody came. */
export type Rung = 'ONLINE' | 'EVERYONE' | 'FALLBACK' | 'UNANSWERED';
export type RungState = 'WAITING' | 'REACHED' | 'SKIPPED';
export type RungDetail = 'NOBODY_ONLINE' | 'TOO_LATE' | 'ENDED';

/** An organization's ladder. Without one everybody is told at once. */
export interface Escalation {
  /** How long those online are told alone; 0: everybody is told at once. */
  readonly onlineSeconds: number;
  /** How long everybody is told before those named below are told again. */
  readonly everyoneSeconds: number;
  readonly fallbackUserIds: readonly string[];
}

export interface LaidRung {
  readonly rung: Rung;
  readonly dueAt: Date;
  readonly state: RungState;
  readonly detail: RungDetail | null;
}

/**
 * The ladder of one request, from its beginning to its deadline. The first rung on which somebody can be told is reached
 * at once; a rung that would come after the deadline never does.
 */
export function layRungs(
  escalation: Escalation | null,
  request: { readonly requestedAt: Date; readonly answerBy: Date; readonly online: number },
): LaidRung[] {
  const { requestedAt, answerBy, online } = request;
  const { onlineSeconds, everyoneSeconds, fallbackUserIds } = escalation ?? EVERYBODY_AT_ONCE;
  const after = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000);
  const isLonely = onlineSeconds > 0 && online === 0;
  const everyoneAt = isLonely ? requestedAt : after(requestedAt, onlineSeconds);
  const first: LaidRung[] =
    onlineSeconds === 0 ? [] : [laid('ONLINE', requestedAt, request, isLonely ? 'NOBODY_ONLINE' : null)];
  const last: LaidRung[] =
    fallbackUserIds.length === 0 ? [] : [laid('FALLBACK', after(everyoneAt, everyoneSeconds), request, null)];
  return [
    ...first,
    laid('EVERYONE', everyoneAt, request, null),
    ...last,
    { rung: 'UNANSWERED', dueAt: answerBy, state: 'WAITING', detail: null },
  ];
}

const EVERYBODY_AT_ONCE: Escalation = { onlineSeconds: 0, everyoneSeconds: 0, fallbackUserIds: [] };

function laid(
  rung: Rung,
  dueAt: Date,
  { requestedAt, answerBy }: { readonly requestedAt: Date; readonly answerBy: Date },
  detail: RungDetail | null,
): LaidRung {
  if (detail !== null) return { rung, dueAt, state: 'SKIPPED', detail };
  if (dueAt >= answerBy) return { rung, dueAt, state: 'SKIPPED', detail: 'TOO_LATE' };
  return { rung, dueAt, state: dueAt <= requestedAt ? 'REACHED' : 'WAITING', detail: null };
}

/** When the next people are told; null when only the deadline is left. */
export function nextRungAt(rungs: readonly Pick<LaidRung, 'rung' | 'dueAt' | 'state'>[]): Date | null {
  const waiting = rungs.filter(({ rung, state }) => state === 'WAITING' && rung !== 'UNANSWERED');
  return waiting.map(({ dueAt }) => dueAt).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
