import type { DataSource, EntityManager } from 'typeorm';
import { within } from '../database/scope';
import { DEFAULT_QUIET_CHOICE } from '../domain/notification/default-settings';
import { heldUntil, type QuietChoice } from '../domain/notification/quiet-hours';
import type { Delivery } from '../entities/delivery';
import type { Notification } from '../entities/notification';
import { NotificationSettings } from '../entities/notification-settings';

/** Why a PENDING delivery waits that quiet hours hold. */
const QUIET_HOURS = 'QUIET_HOURS';

/**
 * Holds a delivery whose person has quiet hours now: it waits for their end, and counts no attempt.
 *
 * The person is locked and the clock read after it. So nothing is held until a time whose digest is written already, and
 * nothing by settings that have just been changed.
 *
 * @returns until when; null: it may leave now
 */
export async function holdWhileQuiet(
  source: DataSource,
  delivery: Delivery,
  { userId, kind }: Pick<Notification, 'userId' | 'kind'>,
): Promise<Date | null> {
  return within(source, delivery, async (manager) => {
    const now = await lockPerson(manager, delivery.workspaceId, userId, 'share');
    const until = heldUntil(await readQuietChoice(manager, delivery.workspaceId, userId), kind, now);
    if (until !== null) await hold(manager, delivery, until);
    return until;
  });
}

/** Unless somebody has taken the delivery again meanwhile. */
export async function hold(
  manager: EntityManager,
  { id, workspaceId, attempts }: Pick<Delivery, 'id' | 'workspaceId' | 'attempts'>,
  until: Date,
): Promise<void> {
  await manager.query(
    `update deliveries set not_before = $4, due_at = $4, 
       postponed = postponed + case when not_before is null then 1 else 0 end, detail = '${QUIET_HOURS}'
     where id = $1 and workspace_id = $2 and state = 'PENDING' and attempts = $3`,
    [id, workspaceId, attempts, until],
  );
}

/** Whoever holds something back and whoever ends that come one after the other. Returns the time after the lock. */
export async function lockPerson(
  manager: EntityManager,
  workspaceId: string,
  userId: string,
  strength: 'share' | 'update',
): Promise<Date> {
  await manager.query(`select from users where workspace_id = $1 and id = $2 for ${strength}`, [workspaceId, userId]);
  const [clock] = await manager.query<[{ now: Date }]>('select clock_timestamp() as now');
  return clock.now;
}

export async function readQuietChoice(
  manager: EntityManager,
  workspaceId: string,
  userId: string,
): Promise<QuietChoice> {
  return (await manager.findOneBy(NotificationSettings, { workspaceId, userId })) ?? DEFAULT_QUIET_CHOICE;
}
