import type { EntityManager } from 'typeorm';
import {
  type MemberDefaults,
  type OwnNotificationChoice,
  type ResolvedNotifications,
  resolveNotifications,
} from '../domain/settings-layers';

/** What a row of `WITH_CHOICE` has to say; a row that is not there says null. */
export interface ChoiceRow {
  readonly own: OwnNotificationChoice;
  readonly of_organization: MemberDefaults;
}

/** Columns of `ChoiceRow`, from `users u` with `WITH_CHOICE`. */
export const CHOICE = `
  jsonb_build_object('channels', s.channels, 'events', s.events, 'alertIntervalSeconds', s.alert_interval_seconds) as own,
  jsonb_build_object('memberChannels', o.member_channels, 'memberEvents', o.member_events,
    'alertIntervalSeconds', o.alert_interval_seconds) as of_organization`;

export const WITH_CHOICE = `
  left join notification_settings s on s.user_id = u.id left join organizations o on o.id = u.organization_id`;

/** Condition for the same: those who want every message. The default is REQUESTS_ONLY, so that it needs no third layer. */
export const WANTS_ALL_MESSAGES = `coalesce(s.events, o.member_events) = 'ALL_MESSAGES'`;

/** What counts for one person: their own choice, over what their organization says, over the defaults. */
export async function readNotificationChoice(
  manager: EntityManager,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
): Promise<ResolvedNotifications> {
  const [row] = await manager.query<ChoiceRow[]>(
    `select ${CHOICE} from users u ${WITH_CHOICE} where u.id = $1 and u.workspace_id = $2`,
    [userId, workspaceId],
  );
  return resolveNotifications(row?.own ?? null, row?.of_organization ?? null);
}
