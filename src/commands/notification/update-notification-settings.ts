import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { DEFAULT_QUIET_CHOICE } from '../../domain/notification/default-settings';
import type { NotificationChannel, NotificationEvents } from '../../domain/notification/notification-kinds';
import { done, forbidden, type Outcome, type Refusal, refused } from '../../domain/refusal';
import { checkAlertInterval } from '../../domain/validation/escalation';
import { givenValues, refuseBoth, refuseNulls, whenSet } from '../../domain/validation/patch';
import { checkQuietHours, type QuietHoursValues } from '../../domain/validation/quiet-hours';
import { NotificationSettings } from '../../entities/notification-settings';
import { User } from '../../entities/user';

/** Left out keeps the value; what was never chosen, or is cleared, is the organization's, or the default. */
export interface UpdateNotificationSettings {
  /** Empty: the bell alone. */
  readonly channels?: readonly NotificationChannel[] | null;
  readonly clearChannels?: boolean | null;
  readonly events?: NotificationEvents | null;
  readonly clearEvents?: boolean | null;
  /** 1 to 3600. */
  readonly alertIntervalSeconds?: number | null;
  readonly clearAlertInterval?: boolean | null;
  readonly quietHours?: QuietHoursValues | null;
  readonly clearQuietHours?: boolean | null;
  readonly letRequestsThrough?: boolean | null;
}

/** Changes how the caller is told of things. Everybody changes their own settings and nobody else's. */
export async function updateNotificationSettings(
  database: Database,
  principal: Principal,
  input: UpdateNotificationSettings,
): Promise<Outcome<NotificationSettings>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person has notification settings.'));
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  const { workspaceId, userId } = principal;
  return transact(database, principal, async (transaction) => {
    // The settings may have no row yet, so the person's row is what two changes at once wait for.
    await transaction.rows(User, workspaceId).lock({ id: userId });
    const rows = transaction.rows(NotificationSettings, workspaceId);
    const stored = await rows.find({ userId });
    if (stored === null) {
      const nothing = { userId, ...NOTHING_CHOSEN, ...DEFAULT_QUIET_CHOICE };
      return done(await rows.insert({ ...nothing, ...changeOf(input) }));
    }
    const change = changeOf(input);
    if (Object.keys(change).length > 0) await rows.update({ userId }, change);
    if (change.quietHours !== undefined || change.letRequestsThrough !== undefined) {
      await transaction.manager.query(LOOK_AGAIN, [workspaceId, userId]);
    }
    return done({ ...stored, ...change });
  });
}

/** Each value is looked for in the next layer: `domain/settings-layers.ts`. */
export const NOTHING_CHOSEN = { channels: null, events: null, alertIntervalSeconds: null } as const;

// What the former quiet hours hold is looked at again: the new ones hold it, or it is in a digest of this moment.
const LOOK_AGAIN = `
update deliveries d set due_at = now(), not_before = now() from notifications n
where n.id = d.notification_id and n.workspace_id = $1 and d.workspace_id = $1 and n.user_id = $2
  and d.state = 'PENDING' and d.not_before > now()`;

function changeOf(input: UpdateNotificationSettings): Partial<Omit<NotificationSettings, 'userId' | 'workspaceId'>> {
  return givenValues({
    channels: input.clearChannels === true ? null : input.channels ? [...new Set(input.channels)] : undefined,
    events: input.clearEvents === true ? null : (input.events ?? undefined),
    alertIntervalSeconds: input.clearAlertInterval === true ? null : (input.alertIntervalSeconds ?? undefined),
    quietHours: input.clearQuietHours === true ? null : quietHoursOf(input),
    letRequestsThrough: input.letRequestsThrough ?? undefined,
  });
}

function quietHoursOf({ quietHours }: UpdateNotificationSettings): NotificationSettings['quietHours'] | undefined {
  if (!quietHours) return undefined;
  const { start, end, timeZone } = quietHours;
  return { start, end, timeZone };
}

function checkInput(input: UpdateNotificationSettings): Refusal[] {
  return [
    ...refuseNulls(input, ['channels', 'events', 'alertIntervalSeconds', 'letRequestsThrough']),
    ...whenSet(input.alertIntervalSeconds, checkAlertInterval, 'alertIntervalSeconds'),
    ...whenSet(input.quietHours, checkQuietHours, 'quietHours'),
    ...refuseBoth(input, 'channels', 'clearChannels'),
    ...refuseBoth(input, 'events', 'clearEvents'),
    ...refuseBoth(input, 'alertIntervalSeconds', 'clearAlertInterval'),
    ...refuseBoth(input, 'quietHours', 'clearQuietHours'),
  ];
}
