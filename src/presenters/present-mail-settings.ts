import type { MailSettings as MailSettingsRow } from '../entities/mail-settings';
import { WorkspaceMailSettings } from '../schema/mail-settings';

export function presentMailSettings(row: MailSettingsRow): WorkspaceMailSettings {
  return Object.assign(new WorkspaceMailSettings(), {
    host: row.host,
    port: row.port,
    security: row.security,
    username: row.username,
    hasPassword: row.password !== null,
    fromAddress: row.fromAddress,
    replyTo: row.replyTo,
    verifiedAt: row.verifiedAt,
    lastError: row.lastError,
    lastErrorAt: row.lastErrorAt,
    updatedAt: row.updatedAt,
  });
}
