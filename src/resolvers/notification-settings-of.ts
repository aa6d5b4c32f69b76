import { DEFAULT_QUIET_CHOICE } from '../domain/notification/default-settings';
import { resolveNotifications } from '../domain/settings-layers';
import type { NotificationSettings as NotificationSettingsRow } from '../entities/notification-settings';
import { presentNotificationSettings } from '../presenters/present-notification-settings';
import type { NotificationSettings } from '../schema/notification-settings';
import type { RequestContext } from './request-context';

/** What counts for a person of this organization (null: staff) who has chosen `own`; null: nothing. */
export async function notificationSettingsOf(
  context: RequestContext,
  own: NotificationSettingsRow | null,
  organizationId: string | null,
): Promise<NotificationSettings> {
  const organization = organizationId === null ? null : await context.loaders.organizations.load(organizationId);
  return presentNotificationSettings(resolveNotifications(own, organization), own ?? DEFAULT_QUIET_CHOICE);
}
