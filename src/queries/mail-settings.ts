import type { EntityManager } from 'typeorm';
import { MailSettings } from '../entities/mail-settings';

/** The mail server of a workspace; null when it has set none. */
export function findMailSettings(manager: EntityManager, workspaceId: string): Promise<MailSettings | null> {
  return manager.findOneBy(MailSettings, { workspaceId });
}
