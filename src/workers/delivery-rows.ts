import type { DataSource } from 'typeorm';
import { within } from '../database/scope';
import { Delivery } from '../entities/delivery';
import type { JobPayloads } from '../jobs/jobs';

/** How long whoever took a delivery has it alone: longer than a mail may take, 60 s with the sweeper's 15 s of grace. */
const LEASE_SECONDS = 60;

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

/** Takes a delivery that is due; what quiet hours hold is not tried by it. Null: somebody else has it, it has ended, or it is too early. */
export async function claimDelivery(
  source: DataSource,
  { deliveryId, workspaceId }: JobPayloads['deliver'],
): Promise<Delivery | null> {
  return within(source, { workspaceId }, async (manager) => {
    const [rows] = await manager.query<[{ id: string }[], number]>(
      `update deliveries set due_at = now() + $3 * interval '1 second', attempts = attempts + 1,
         postponed = postponed + case when not_before is null then 0 else 1 end
       where id = $1 and workspace_id = $2 and state = 'PENDING' and due_at <= now() returning id`,
      [deliveryId, workspaceId, LEASE_SECONDS],
    );
    return rows.length === 0 ? null : manager.findOneBy(Delivery, { id: deliveryId, workspaceId });
  });
}

/** Writes the result of this attempt, unless somebody has taken the delivery again meanwhile. */
export async function recordResult(source: DataSource, delivery: Delivery, result: DeliveryResult): Promise<void> {
  const { id, workspaceId, attempts } = delivery;
  const delayMs = result.state === 'PENDING' ? result.delayMs : 0;
  const postponed = result.state === 'PENDING' && !result.wasTried ? 1 : 0;
  const detail = result.detail?.slice(0, 500) ?? null;
  await within(source, { workspaceId }, (manager) =>
    manager.query(
      `update deliveries set state = $4, detail = $5, due_at = now() + $6 * interval '1 millisecond',
         sent_at = case when $4 = 'SENT' then now() end, postponed = postponed + $7
       where id = $1 and workspace_id = $2 and state = 'PENDING' and attempts = $3`,
      [id, workspaceId, attempts, result.state, detail, delayMs, postponed],
    ),
  );
}
