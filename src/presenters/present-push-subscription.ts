import { encodePublicId } from '../domain/public-id';
import type { PushSubscription as PushSubscriptionRow } from '../entities/push-subscription';
import { PushSubscription } from '../schema/push-subscription';

/** Without the endpoint itself: whoever has it can send to that browser. */
export function presentPushSubscription(row: PushSubscriptionRow): PushSubscription {
  return Object.assign(new PushSubscription(), {
    id: encodePublicId('pushSubscription', row.id),
    endpointHost: new URL(row.endpoint).host,
    userAgent: row.userAgent,
    createdAt: row.createdAt,
    lastSuccessAt: row.lastSuccessAt,
  });
}
