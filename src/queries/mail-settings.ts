import DataLoader from 'dataloader';
import { In } from 'typeorm';
import type { Read } from '../database/scope';
import { MailSettings } from '../entities/mail-settings';

/** The mail server of each workspace; null for one that has set none. */
export function mailSettingsLoader(read: Read, cache: boolean): DataLoader<string, MailSettings | null> {
  return new DataLoader(
    (workspaceIds) =>
      read(async (manager) => {
        const rows = await manager.find(MailSettings, { where: { workspaceId: In([...workspaceIds]) } });
        const found = new Map(rows.map((row) => [row.workspaceId, row]));
        return workspaceIds.map((id) => found.get(id) ?? null);
      }),
    { cache },
  );
}
