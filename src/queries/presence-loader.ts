import DataLoader from 'dataloader';
import type { Read } from '../database/scope';

/** Whether somebody has an open connection, or lost it less than 30 s ago. */
export interface Connectedness {
  readonly isConnected: boolean;
  /** Last sign of life, from `users` or `visitors`; null: never seen. */
  readonly lastActiveAt: Date | null;
}

/** By the id of a user or of a visitor: ids are UUIDs, so the two never meet. */
export function presenceLoader(read: Read, cache: boolean): DataLoader<string, Connectedness> {
  return new DataLoader<string, Connectedness>(
    async (ids) => {
      const rows = await read((manager) =>
        manager.query<{ id: string; isConnected: boolean; lastActiveAt: Date | null }[]>(
          `select a.id, a.last_active_at as "lastActiveAt",
           exists (select from presences p where p.actor_id = a.id and p.until > now()) as "isConnected"
         from (select id, last_active_at from users where id = any ($1::uuid[])
           union all select id, last_active_at from visitors where id = any ($1::uuid[])) a`,
          [ids],
        ),
      );
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? { isConnected: false, lastActiveAt: null });
    },
    { cache },
  );
}
