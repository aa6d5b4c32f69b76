import type { NotificationChoice, QuietChoice } from '../domain/notification/default-settings';
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
