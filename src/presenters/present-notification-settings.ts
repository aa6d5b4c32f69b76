import type { NotificationSettings as NotificationSettingsRow } from '../entities/notification-settings';
import type { NotificationChoice } from '../domain/notification/default-settings';
import { NotificationSettings } from '../schema/notification-settings';

/** A stored choice, or the defaults of somebody who has not chosen. */
export function presentNotificationSettings(
  row: NotificationChoice & Pick<NotificationSettingsRow, 'quietHours'>,
): NotificationSettings {
  return Object.assign(new NotificationSettings(), {
    channels: [...row.channels],
    events: row.events,
    quietHours: row.quietHours,
  });
}
