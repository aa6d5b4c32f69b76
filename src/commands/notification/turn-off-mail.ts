import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { DEFAULT_NOTIFICATION_SETTINGS, DEFAULT_QUIET_CHOICE } from '../../domain/notification/default-settings';
import type { MailedPerson } from '../../domain/turn-off-token';
import { NotificationSettings } from '../../entities/notification-settings';
import { User } from '../../entities/user';

/**
 * Takes EMAIL out of the channels of whoever has followed the link in a mail of theirs; twice is once.
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
    const { channels, events } = stored ?? DEFAULT_NOTIFICATION_SETTINGS;
    const others = channels.filter((channel) => channel !== 'EMAIL');
    if (stored === null) await rows.insert({ userId, channels: others, events, ...DEFAULT_QUIET_CHOICE });
    else if (others.length < channels.length) await rows.update({ userId }, { channels: others });
    return true;
  });
}
