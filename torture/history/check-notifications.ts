import { groupBy } from './group-by';
import { isNamed, type Occasion, occasionsOf } from './occasions';
import type { DeliveryRow, NotificationRow } from './final-state';
import type { ArrivalRecord, Breach, FaultRecord, History, OperatorRecord } from './history';

/** How long after a fault a worker may still fail to note what it has sent: its connection has to come back first. */
const RECOVERY_MS = 5_000;
/** No organization of a run chooses another: docs/adr/0034. */
const ALERT_INTERVAL_MS = 60_000;
/** The server keeps instants in milliseconds, the database in thousandths of them. */
const CLOCK_MS = 1;

/** Who must have been told of what, on which way, and how often it arrived. */
export function checkNotifications(history: History): Breach[] {
  return [
    ...checkRows(history),
    ...history.final.deliveries.flatMap(checkState),
    ...checkMails(history),
    ...checkPushes(history),
  ];
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

function checkMails({ mails, faults, final }: History): Breach[] {
  const arrived = groupBy(mails, ({ id }) => id);
  return final.deliveries
    .filter(({ channel }) => channel === 'EMAIL')
    .flatMap((delivery): Breach[] => {
      const copies = arrived.get(delivery.messageId) ?? [];
      if (delivery.state === 'SENT' && copies.length === 0)
        return [{ kind: 'NOTIFICATION_LOST', detail: `delivery ${delivery.id} counts as sent, and no mail came` }];
      return checkCopies(`mail ${delivery.messageId}`, copies, faults, delivery.attempts);
    });
}

/**
 * A push carries no id of its delivery. A topic comes once to a browser, unless what has been said changes: a colleague
 * has it, more messages were counted. So as many pushes come as deliveries were sent, and as many of them repeat a topic
 * without a fault as there are deliveries beyond the topics.
 */
function checkPushes({ pushes, faults, final }: History): Breach[] {
  const sent = groupBy(
    final.deliveries.filter(({ channel, state }) => channel === 'PUSH' && state === 'SENT'),
    ({ pushSubscriptionId }) => pushSubscriptionId,
  );
  return final.pushSubscriptions.flatMap(({ id, endpoint }): Breach[] => {
    const arrived = pushes.filter((push) => push.endpoint === endpoint);
    const topics = groupBy(arrived, (push) => push.id);
    const count = sent.get(id)?.length ?? 0;
    const missing = count - arrived.length;
    const lost: Breach[] =
      missing > 0
        ? [{ kind: 'NOTIFICATION_LOST', detail: `${missing} pushes count as sent and never came to ${endpoint}` }]
        : [];
    const repeats = [...topics].flatMap(([topic, copies]) =>
      checkCopies(`push ${topic}`, copies, faults, Infinity).flatMap((breach) =>
        unexplainedOf(copies, faults).map(() => breach),
      ),
    );
    return [...lost, ...repeats.slice(Math.max(0, count - topics.size))];
  });
}

/**
 * At least once, with one stated limit (README: docs/adr/0009): a worker that is lost between sending and noting it sends
 * once more. So each further copy needs an attempt of its own, and a fault of a worker at the time of the copy before it.
 */
function checkCopies(
  what: string,
  copies: readonly ArrivalRecord[],
  faults: readonly FaultRecord[],
  attempts: number,
): Breach[] {
  const unexplained = unexplainedOf(copies, faults);
  if (unexplained.length === 0 && copies.length <= Math.max(1, attempts)) return [];
  const detail = `${what} came ${copies.length} times in ${attempts} attempts, ${unexplained.length} without a fault of a worker`;
  return [{ kind: 'NOTIFICATION_DOUBLED', detail }];
}

/** The copies, all but the last, that no fault of a worker is to blame for. */
function unexplainedOf(copies: readonly ArrivalRecord[], faults: readonly FaultRecord[]): ArrivalRecord[] {
  const inOrder = copies.toSorted((a, b) => a.at - b.at);
  return inOrder.slice(0, -1).filter(({ at }) => !faults.some((fault) => explains(fault, at)));
}

function explains({ hitsWorkers, from, to }: FaultRecord, at: number): boolean {
  return hitsWorkers && from - RECOVERY_MS <= at && at <= to + RECOVERY_MS;
}
