import type { DataSource } from 'typeorm';
import { read, within } from '../database/scope';
import { Delivery } from '../entities/delivery';
import type { JobPayloads } from '../jobs/jobs';

/** How long whoever took a delivery has it alone: longer than a mail may take, 60 s with the sweeper's 15 s of grace. */
export const LEASE_SECONDS = 60;

/**
 * Of a delivery `d` that takes the place of a push: whether that one is not settled yet. Nothing is due behind it: whoever
 * looked again and again instead would spend the attempts of the second one on the waits of the first.
 */
export const IS_BEHIND = `exists (select from deliveries f
  where f.id = d.replaces and f.workspace_id = d.workspace_id and f.state = 'PENDING')`;

/** How a delivery ended, or when it is to be tried again. */
export type DeliveryResult =
  | { readonly state: 'SENT'; readonly detail: string | null }
  | { readonly state: 'SKIPPED'; readonly detail: string }
  | { readonly state: 'FAILED'; readonly detail: string }
  | {
      readonly state: 'PENDING';
      readonly detail: string;
      readonly delayMs: number;
      /** False: it was only taken, and put off without an attempt. */
      readonly wasTried: boolean;
    };

/** Takes a delivery that is due; what quiet hours hold is not tried by it. Null: somebody else has it, it has ended, or it is too early, or behind another one. */
export async function claimDelivery(
  source: DataSource,
  { deliveryId, workspaceId }: JobPayloads['deliver'],
): Promise<Delivery | null> {
  return within(source, { workspaceId }, async (manager) => {
    const [rows] = await manager.query<[{ id: string }[], number]>(
      `update deliveries d set due_at = now() + $3 * interval '1 second', attempts = attempts + 1,
         postponed = postponed + case when not_before is null then 0 else 1 end
       where id = $1 and workspace_id = $2 and state = 'PENDING' and due_at <= now() and not ${IS_BEHIND} returning id`,
      [deliveryId, workspaceId, LEASE_SECONDS],
    );
    return rows.length === 0 ? null : manager.findOneBy(Delivery, { id: deliveryId, workspaceId });
  });
}

/**
 * Writes the result of this attempt, unless somebody has taken the delivery again meanwhile: any number of times, for the
 * second one changes nothing. What else a sent push says goes along in the same transaction, so that nothing can fail
 * between the answer of the push service and the note of it.
 */
export async function recordResult(source: DataSource, delivery: Delivery, result: DeliveryResult): Promise<void> {
  const { id, workspaceId, attempts, pushSubscriptionId } = delivery;
  const delayMs = result.state === 'PENDING' ? result.delayMs : 0;
  const postponed = result.state === 'PENDING' && !result.wasTried ? 1 : 0;
  const detail = result.detail?.slice(0, 500) ?? null;
  await within(source, { workspaceId }, async (manager) => {
    await manager.query(
      `update deliveries set state = $4, detail = $5, due_at = now() + $6 * interval '1 millisecond',
         sent_at = case when $4 = 'SENT' then now() end, postponed = postponed + $7
       where id = $1 and workspace_id = $2 and state = 'PENDING' and attempts = $3`,
      [id, workspaceId, attempts, result.state, detail, delayMs, postponed],
    );
    if (result.state !== 'SENT' || pushSubscriptionId === null) return;
    await manager.query('update push_subscriptions set last_success_at = now() where id = $1 and workspace_id = $2', [
      pushSubscriptionId,
      workspaceId,
    ]);
  });
}

/**
 * The delivery that waits behind this one, now that it is settled. Read after the commit: who found the first one pending
 * before it had a row to find, and that row is seen here.
 */
export async function findBehind(
  source: DataSource,
  { id, workspaceId, notificationId }: Pick<Delivery, 'id' | 'workspaceId' | 'notificationId'>,
): Promise<Pick<Delivery, 'id' | 'attempts'> | null> {
  const rows = await read(source, { workspaceId }, (manager) =>
    manager.query<Pick<Delivery, 'id' | 'attempts'>[]>(
      `select id, attempts from deliveries where notification_id = $1 and replaces = $2 and state = 'PENDING'`,
      [notificationId, id],
    ),
  );
  return rows[0] ?? null;
}
