import type { QuietChoice } from '../domain/notification/quiet-hours';
import type { ResolvedNotifications } from '../domain/settings-layers';
import { NotificationSettings } from '../schema/notification-settings';

/** What counts for a person, and whose it is; quiet hours are everybody's own. */
export function presentNotificationSettings(resolved: ResolvedNotifications, quiet: QuietChoice): NotificationSettings {
  const { channels, events, alertIntervalSeconds } = resolved;
  return Object.assign(new NotificationSettings(), {
    channels: [...channels.value],
    channelsFrom: channels.from,
    events: events.value,
    eventsFrom: events.from,
    alertIntervalSeconds: alertIntervalSeconds.value,
    alertIntervalFrom: alertIntervalSeconds.from,
    quietHours: quiet.quietHours,
    letRequestsThrough: quiet.letRequestsThrough,
  });
}
