import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { type Transaction, transact } from '../../database/transact';
import type { Principal, UserPrincipal } from '../../domain/actor';
import { TOLD_ALONE } from '../../domain/notification/fold-messages';
import type { NotificationChannel } from '../../domain/notification/notification-kinds';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, type Outcome, refusal, refused } from '../../domain/refusal';
import { Delivery } from '../../entities/delivery';
import { Notification } from '../../entities/notification';
import { PushSubscription } from '../../entities/push-subscription';
import { tellOfDelivery } from '../delivery/add-mail';
import { newDelivery } from '../delivery/new-delivery';

/**
 * Sends one to the caller by that channel, whatever their settings and quiet hours say. It is under the bell, seen, so
 * that its deliveries can be looked at later. By push it goes to each of their browsers.
 *
 * NO_PUSH_SUBSCRIPTION, MAIL_NOT_CONFIGURED: nothing would ever arrive.
 *
 * @returns its delivery; of several browsers, that of the newest
 */
export async function sendTestNotification(
  database: Database,
  principal: Principal,
  input: { readonly channel: NotificationChannel },
  { canMail }: { readonly canMail: boolean },
): Promise<Outcome<Delivery>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person has notifications.'));
  const impersonated = refuseImpersonator(principal, 'sendToThem');
  if (impersonated !== null) return refused(impersonated);
  if (input.channel === 'EMAIL' && !canMail) {
    return refused(refusal('MAIL_NOT_CONFIGURED', 'This server has no mail server to send by.', 'channel'));
  }
  return transact(database, principal, async (transaction) => {
    const targets = input.channel === 'EMAIL' ? [null] : await browsersOf(transaction, principal);
    if (targets.length === 0) {
      const message = 'You have no browser that gets push. Register one first.';
      return refused(refusal('NO_PUSH_SUBSCRIPTION', message, 'channel'));
    }
    const sent = await writeTest(transaction, principal, input.channel, targets);
    const [newest] = sent.slice(-1);
    if (newest === undefined) throw new Error('A test has no delivery.');
    return done(newest);
  });
}

/** Oldest first. */
async function browsersOf(transaction: Transaction, { workspaceId, userId }: UserPrincipal): Promise<string[]> {
  const rows = await transaction.rows(PushSubscription, workspaceId).list({ userId }, { id: 'ASC' });
  return rows.map(({ id }) => id);
}

async function writeTest(
  transaction: Transaction,
  { workspaceId, userId }: UserPrincipal,
  channel: NotificationChannel,
  targets: readonly (string | null)[],
): Promise<Delivery[]> {
  const [now, id] = [await transaction.now(), newId()];
  await transaction.rows(Notification, workspaceId).insert({
    id,
    userId,
    kind: 'TEST',
    subjectId: id,
    conversationId: null,
    title: 'This is a test',
    body: 'You have asked for it. Notifications reach you this way.',
    quietUntil: null,
    ...TOLD_ALONE,
    seenAt: now,
    createdAt: now,
  });
  const deliveries: Delivery[] = [];
  for (const pushSubscriptionId of targets) {
    const row = newDelivery({ notificationId: id, channel, pushSubscriptionId }, now);
    const delivery = await transaction.rows(Delivery, workspaceId).insert(row);
    tellOfDelivery(transaction, delivery, null);
    deliveries.push(delivery);
  }
  return deliveries;
}
