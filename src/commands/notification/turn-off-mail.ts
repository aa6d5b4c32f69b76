import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { DEFAULT_QUIET_CHOICE } from '../../domain/notification/default-settings';
import { resolveNotifications } from '../../domain/settings-layers';
import type { MailedPerson } from '../../domain/turn-off-token';
import { NotificationSettings } from '../../entities/notification-settings';
import { Organization } from '../../entities/organization';
import { User } from '../../entities/user';
import { NOTHING_CHOSEN } from './update-notification-settings';

/**
 * Takes EMAIL out of the channels of whoever has followed the link in a mail of theirs; twice is once. What is left is
 * their own choice from then on, whatever their organization says later.
 *
 * @returns whether there is such a person (still)
 */
export async function turnOffMail(database: Database, { workspaceId, userId }: MailedPerson): Promise<boolean> {
  return transact(database, { workspaceId }, async (transaction) => {
    // As in `updateNotificationSettings`: the settings may have no row yet.
    const user = await transaction.rows(User, workspaceId).lock({ id: userId });
    if (user === null) return false;
    const rows = transaction.rows(NotificationSettings, workspaceId);
    const stored = await rows.find({ userId });
    const { organizationId } = user;
    const organizations = transaction.rows(Organization, workspaceId);
    const organization = organizationId === null ? null : await organizations.find({ id: organizationId });
    const { channels } = resolveNotifications(stored, organization);
    const others = channels.value.filter((channel) => channel !== 'EMAIL');
    if (stored === null) await rows.insert({ userId, ...NOTHING_CHOSEN, channels: others, ...DEFAULT_QUIET_CHOICE });
    else await rows.update({ userId }, { channels: others });
    return true;
  });
}
