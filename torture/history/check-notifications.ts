import { groupBy } from './group-by';
import { isNamed, type Occasion, occasionsOf } from './occasions';
import type { DeliveryRow, NotificationRow } from './final-state';
import { type Breach, CLOCK_MS, type History, type OperatorRecord } from './history';

/** No organization of a run chooses another: docs/adr/0034. */
const ALERT_INTERVAL_MS = 60_000;

/** Who must have been told of what, and on which way. */
export function checkNotifications(history: History): Breach[] {
  return [...checkRows(history), ...history.final.deliveries.flatMap(checkState)];
}

function checkRows(history: History): Breach[] {
  const { operators, final } = history;
  const rows = groupBy(final.notifications, ({ kind, subjectId, userId }) => `${kind} ${subjectId} ${userId}`);
  const deliveries = groupBy(final.deliveries, ({ notificationId }) => notificationId ?? '');
  const climbs = fallbacksOf(history);
  const doubled = [...rows].flatMap(([what, same]): Breach[] => {
    const times = tooOften(same, deliveries, climbs);
    if (times === null) return [];
    return [{ kind: 'NOTIFICATION_DOUBLED', detail: `${what} is written twice, at ${times.join(' and ')}` }];
  });
  const missing = occasionsOf(history).flatMap((occasion) =>
    operators
      .filter((operator) => occasion.isMeant(operator) && (operator.agentIds?.includes(occasion.agentId) ?? true))
      .flatMap((operator) => checkOccasion(occasion, operator, rows, deliveries)),
  );
  return [...doubled, ...missing, ...checkUnmeant(history, climbs)];
}

function checkOccasion(
  { kind, subjectId, since }: Occasion,
  { userId, channels }: OperatorRecord,
  rows: ReadonlyMap<string, readonly NotificationRow[]>,
  deliveries: ReadonlyMap<string, readonly DeliveryRow[]>,
): Breach[] {
  const what = `${kind} of ${subjectId} for ${userId}`;
  const told = rows.get(`${kind} ${subjectId} ${userId}`) ?? [];
  const row = told.find(({ leavesAt }) => since === null || leavesAt >= since - CLOCK_MS);
  if (row === undefined) return [{ kind: 'NOTIFICATION_LOST', detail: `there is no ${what}` }];
  const ways = new Set((deliveries.get(row.id) ?? []).map(({ channel }) => channel));
  return channels
    .filter((channel) => !ways.has(channel))
    .map((channel) => ({ kind: 'NOTIFICATION_LOST', detail: `${what} has no delivery by ${channel}` }));
}

/** Of each request that waits, when it came to those named last. */
function fallbacksOf({ final }: History): ReadonlyMap<string, readonly number[]> {
  const climbs = final.events.filter(
    ({ name, state, rung }) => name === 'HANDOFF_CHANGED' && state === 'REQUESTED' && rung === 'FALLBACK',
  );
  const bySubject = groupBy(climbs, ({ subjectId, transferHoldId }) => transferHoldId ?? subjectId);
  return new Map([...bySubject].map(([subject, events]) => [subject, events.map(({ at }) => at)]));
}

/**
 * One row for each occasion; of a request one more where it came to those named last; of messages, which are gathered, one
 * an interval of what has left. When the others are written, or null.
 */
function tooOften(
  same: readonly NotificationRow[],
  deliveries: ReadonlyMap<string, readonly DeliveryRow[]>,
  climbs: ReadonlyMap<string, readonly number[]>,
): readonly number[] | null {
  const [{ kind, subjectId } = { kind: '', subjectId: '' }] = same;
  const times = same.map(({ leavesAt }) => leavesAt).toSorted((a, b) => a - b);
  if (kind === 'HANDOFF_REQUESTED') {
    const most = 1 + (climbs.get(subjectId)?.length ?? 0);
    return same.length > most || new Set(same.map(({ windowStart }) => windowStart)).size < same.length ? times : null;
  }
  if (kind !== 'MESSAGE_RECEIVED') return same.length > 1 ? times : null;
  const left = same.filter(({ id }) => deliveries.get(id)?.some(({ state }) => state === 'SENT') === true);
  const sent = left.map(({ leavesAt }) => leavesAt).toSorted((a, b) => a - b);
  return sent.some((at, index) => index > 0 && at - (sent[index - 1] ?? 0) < ALERT_INTERVAL_MS) ? sent : null;
}

/** A window of its own is for those named, at the instant at which it came to them; and by a ladder staff hear in no other. */
function checkUnmeant({ agents, operators, final }: History, climbs: ReadonlyMap<string, readonly number[]>): Breach[] {
  const agentOf = new Map(
    final.events.map(({ subjectId, transferHoldId, agentId }) => [transferHoldId ?? subjectId, agentId]),
  );
  return final.notifications.flatMap(({ kind, subjectId, userId, windowStart }): Breach[] => {
    const agent = agents.find(({ id }) => id === agentOf.get(subjectId));
    const operator = operators.find((one) => one.userId === userId);
    if (kind !== 'HANDOFF_REQUESTED' || agent === undefined || operator === undefined) return [];
    const isClimb = climbs.get(subjectId)?.some((at) => Math.abs(at - windowStart) <= CLOCK_MS) === true;
    const isRight = windowStart === 0 ? !operator.isStaff || agent.fallbackUserIds === null : isNamed(operator, agent);
    if (isRight && (windowStart === 0 || isClimb)) return [];
    return [
      { kind: 'LADDER_BROKEN', detail: `${userId} was told of request ${subjectId} on a rung that is not theirs` },
    ];
  });
}

/** Sinks take everything, so nothing may fail. */
function checkState({ id, channel, state, attempts, detail }: DeliveryRow): Breach[] {
  if (state === 'PENDING') {
    const what = `${channel} delivery ${id} is still pending after ${attempts} attempts: ${detail ?? 'nothing is said of it'}`;
    return [{ kind: 'NOTIFICATION_LOST', detail: what }];
  }
  if (state === 'FAILED') return [{ kind: 'NOTIFICATION_LOST', detail: `delivery ${id} failed: ${detail ?? ''}` }];
  return [];
}
