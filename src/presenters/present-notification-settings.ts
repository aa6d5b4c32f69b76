import type { NotificationChoice } from '../domain/notification/default-settings';
import type { QuietChoice } from '../domain/notification/quiet-hours';
import { NotificationSettings } from '../schema/notification-settings';

/** A stored choice, or the defaults of somebody who has not chosen. */
export function presentNotificationSettings(row: NotificationChoice & QuietChoice): NotificationSettings {
  return Object.assign(new NotificationSettings(), {
    channels: [...row.channels],
    events: row.events,
    quietHours: row.quietHours,
    letRequestsThrough: row.letRequestsThrough,
  });
}
