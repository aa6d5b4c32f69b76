import { pushTopic } from '../../src/delivery/push/push-payload';
import { groupBy } from './group-by';
import type { DeliveryRow } from './final-state';
import { type ArrivalRecord, type Breach, CLOCK_MS, type FaultRecord, type History } from './history';

/** How long after a fault a worker may still fail to note what it has sent: its connection has to come back first. */
const RECOVERY_MS = 5_000;

/** What came to the sinks, and how often, against what the tables say has left. */
export function checkArrivals(history: History): Breach[] {
  return [...checkMails(history), ...checkPushes(history)];
}

function checkMails({ mails, faults, final }: History): Breach[] {
  const arrived = groupBy(mails, ({ id }) => id);
  return final.deliveries
    .filter(({ channel }) => channel === 'EMAIL')
    .flatMap((delivery) => {
      const { messageId } = delivery;
      return checkCopies(`mail ${messageId}`, [delivery], arrived.get(messageId) ?? [], faults);
    });
}

/**
 * A push carries no id of its delivery, and a topic comes to a browser once for each delivery about the same thing: when a
 * colleague has it, or more messages were counted.
 */
function checkPushes({ pushes, faults, final }: History): Breach[] {
  const topics = new Map(
    final.notifications.map(({ id, kind, subjectId }) => [id, pushTopic(`${kind}:${subjectId}`)] as const),
  );
  return final.pushSubscriptions.flatMap(({ id: subscriptionId, endpoint }): Breach[] => {
    const arrived = groupBy(
      pushes.filter((push) => push.endpoint === endpoint),
      ({ id }) => id,
    );
    const sent = groupBy(
      final.deliveries.filter(({ pushSubscriptionId }) => pushSubscriptionId === subscriptionId),
      ({ notificationId }) => topics.get(notificationId ?? '') ?? '',
    );
    return [...new Set([...arrived.keys(), ...sent.keys()])].flatMap((topic) =>
      checkCopies(`push ${topic} to ${endpoint}`, sent.get(topic) ?? [], arrived.get(topic) ?? [], faults),
    );
  });
}

/**
 * At least once, with one stated limit (README: docs/adr/0009): a worker that is lost between sending and noting it sends
 * once more. So each copy needs an attempt of its own; and where there are several, those that nobody noted need a fault
 * of a worker at their time.
 */
function checkCopies(
  what: string,
  deliveries: readonly DeliveryRow[],
  copies: readonly ArrivalRecord[],
  faults: readonly FaultRecord[],
): Breach[] {
  const { missing, unnoted } = matchNotes(deliveries, copies);
  const lost = missing.map((id): Breach => {
    return { kind: 'NOTIFICATION_LOST', detail: `delivery ${id} counts as sent, and no ${what} came` };
  });
  const attempts = deliveries.reduce((sum, delivery) => sum + delivery.attempts, 0);
  const unexplained = unnoted.filter(({ at }) => !faults.some((fault) => explains(fault, at)));
  if (copies.length <= attempts && (copies.length < 2 || unexplained.length === 0)) return lost;
  const times = copies.map(({ at }) => new Date(at).toISOString()).join(', ');
  const detail = `${what} came ${copies.length} times in ${attempts} attempts, ${unexplained.length} without a fault of a worker: ${times}`;
  return [...lost, { kind: 'NOTIFICATION_DOUBLED', detail }];
}

/**
 * A delivery that counts as sent was noted once, right after one of the copies: the last one before its note. `missing`
 * are those before whose note none came, and `unnoted` the copies that are left over.
 */
function matchNotes(
  deliveries: readonly DeliveryRow[],
  copies: readonly ArrivalRecord[],
): { readonly missing: readonly string[]; readonly unnoted: readonly ArrivalRecord[] } {
  const unnoted = copies.toSorted((a, b) => a.at - b.at);
  const noted = deliveries.flatMap(({ id, sentAt }) => (sentAt === null ? [] : [{ id, sentAt }]));
  const missing = noted
    .toSorted((a, b) => a.sentAt - b.sentAt)
    .filter(({ sentAt }) => {
      const index = unnoted.findLastIndex(({ at }) => at <= sentAt + CLOCK_MS);
      if (index >= 0) unnoted.splice(index, 1);
      return index < 0;
    });
  return { missing: missing.map(({ id }) => id), unnoted };
}

function explains({ hitsWorkers, from, to }: FaultRecord, at: number): boolean {
  return hitsWorkers && from - RECOVERY_MS <= at && at <= to + RECOVERY_MS;
}
