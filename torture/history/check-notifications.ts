import { groupBy } from './group-by';
import type { ArrivalRecord, Breach, DeliveryRow, FaultRecord, History, NotificationRow } from './history';

/** How long after a fault a worker may still fail to note what it has sent: its connection has to come back first. */
const RECOVERY_MS = 5_000;
/** No organization of a run chooses another: docs/adr/0034. */
const ALERT_INTERVAL_MS = 60_000;

/** Who must have been told of what, on which way, and how often it arrived. */
export function checkNotifications(history: History): Breach[] {
  return [
    ...checkRows(history),
    ...history.final.deliveries.flatMap(checkState),
    ...checkMails(history),
    ...checkPushes(history),
  ];
}

interface Occasion {
  readonly kind: string;
  readonly subjectId: string;
  readonly agentId: string;
  readonly isMeant: (userId: string) => boolean;
}

const EVERYBODY = (): boolean => true;

/** What rings: each request, each request that nobody answered, each inquiry; a transfer for whoever did not make it. */
function occasionsOf({ final }: History): Occasion[] {
  const handoffs = final.events.flatMap((event): Occasion[] => {
    const { name, subjectId, state, transferHoldId, transferredById, acceptedById } = event;
    const agentId = event.agentId ?? '';
    if (name !== 'HANDOFF_CHANGED') return [];
    if (transferHoldId !== null) {
      const kind = state === 'ACCEPTED' ? 'HANDOFF_TRANSFERRED' : 'HANDOFF_REQUESTED';
      const isMeant = (userId: string): boolean =>
        userId !== transferredById && (acceptedById === null || userId === acceptedById);
      return [{ kind, subjectId: transferHoldId, agentId, isMeant }];
    }
    if (state !== 'REQUESTED' && state !== 'UNANSWERED') return [];
    return [{ kind: `HANDOFF_${state}`, subjectId, agentId, isMeant: EVERYBODY }];
  });
  const inquiries = final.inquiries.map(({ id, agentId }) => ({
    ...{ kind: 'INQUIRY_SUBMITTED', subjectId: id, agentId },
    isMeant: EVERYBODY,
  }));
  return [...handoffs, ...inquiries];
}

function checkRows(history: History): Breach[] {
  const { operators, final } = history;
  const rows = groupBy(final.notifications, ({ kind, subjectId, userId }) => `${kind} ${subjectId} ${userId}`);
  const deliveries = groupBy(final.deliveries, ({ notificationId }) => notificationId ?? '');
  const doubled = [...rows].filter(([, same]) => isDoubled(same, deliveries));
  const missing = occasionsOf(history).flatMap(({ kind, subjectId, agentId, isMeant }) =>
    operators
      .filter(({ userId, agentIds }) => isMeant(userId) && (agentIds?.includes(agentId) ?? true))
      .flatMap(({ userId, channels }): Breach[] => {
        const what = `${kind} of ${subjectId} for ${userId}`;
        const row: NotificationRow | undefined = rows.get(`${kind} ${subjectId} ${userId}`)?.[0];
        if (row === undefined) return [{ kind: 'NOTIFICATION_LOST', detail: `there is no ${what}` }];
        const ways = new Set((deliveries.get(row.id) ?? []).map(({ channel }) => channel));
        const lacking = channels.filter((channel) => !ways.has(channel));
        return lacking.map((channel) => ({
          kind: 'NOTIFICATION_LOST',
          detail: `${what} has no delivery by ${channel}`,
        }));
      }),
  );
  return [
    ...doubled.map(([what]): Breach => ({ kind: 'NOTIFICATION_DOUBLED', detail: `${what} is written twice` })),
    ...missing,
  ];
}

/** One row for each occasion; of messages, which are gathered, one an interval of what has left. */
function isDoubled(same: readonly NotificationRow[], deliveries: ReadonlyMap<string, readonly DeliveryRow[]>): boolean {
  if (same[0]?.kind !== 'MESSAGE_RECEIVED') return same.length > 1;
  const left = same.filter(({ id }) => deliveries.get(id)?.some(({ state }) => state === 'SENT') === true);
  const times = left.map(({ leavesAt }) => leavesAt).toSorted((a, b) => a - b);
  return times.some((at, index) => index > 0 && at - (times[index - 1] ?? 0) < ALERT_INTERVAL_MS);
}

/** Sinks take everything, so nothing may fail. */
function checkState({ id, state, attempts, detail }: DeliveryRow): Breach[] {
  if (state === 'PENDING')
    return [{ kind: 'NOTIFICATION_LOST', detail: `delivery ${id} is still pending after ${attempts} attempts` }];
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
