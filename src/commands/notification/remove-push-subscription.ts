import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { PushSubscription } from '../../entities/push-subscription';

/** Stops pushing to one of the caller's own browsers. Returns the row that is gone. */
export async function removePushSubscription(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<PushSubscription>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can receive push notifications.'));
  const impersonated = refuseImpersonator(principal, 'changePushSubscriptions');
  if (impersonated !== null) return refused(impersonated);
  return transact(database, principal, async (transaction) => {
    const subscriptions = transaction.rows(PushSubscription, principal.workspaceId);
    const own = { id: input.id, userId: principal.userId };
    const subscription = await subscriptions.lock(own);
    if (subscription === null) return refused(notFound('push subscription', 'id'));
    await subscriptions.delete(own);
    return done(subscription);
  });
}
