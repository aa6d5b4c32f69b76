import type { DataSource } from 'typeorm';
import { within } from '../database/scope';
import type { MailSettings } from '../entities/mail-settings';

/** Lets staff see why their mails wait; the same reason at most once a minute, however many mails do. */
export async function recordServerFailure(source: DataSource, settings: MailSettings, reason: string): Promise<void> {
  const { workspaceId, version } = settings;
  await within(source, { workspaceId }, (manager) =>
    manager.query(
      `update mail_settings set last_error = $3, last_error_at = now()
       where workspace_id = $1 and version = $2
         and (last_error is distinct from $3 or last_error_at < now() - interval '1 minute')`,
      [workspaceId, version, reason.slice(0, 500)],
    ),
  );
}

/** Takes the reason away as soon as a mail went through again. */
export async function recordServerSuccess(source: DataSource, settings: MailSettings): Promise<void> {
  const { workspaceId, version, lastError } = settings;
  if (lastError === null) return;
  await within(source, { workspaceId }, (manager) =>
    manager.query(
      'update mail_settings set last_error = null, last_error_at = null where workspace_id = $1 and version = $2',
      [workspaceId, version],
    ),
  );
}
