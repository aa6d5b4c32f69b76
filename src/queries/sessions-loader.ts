import DataLoader from 'dataloader';
import type { Read } from '../database/scope';
import { Session } from '../entities/session';
import { SESSION_IS_OPEN } from './credentials-hold';
import { toEntity } from './rows';

/** More browsers than this nobody looks through. */
const MAX_SESSIONS = 50;

/** The open sessions of each person, newest first. */
export function sessionsLoader(read: Read, workspaceId: string | null, cache: boolean): DataLoader<string, Session[]> {
  return new DataLoader(
    (userIds) =>
      read(async (manager) => {
        const raw = await manager.query<Record<string, unknown>[]>(
          `select s.* from unnest($1::uuid[]) u(id) cross join lateral (
           select * from sessions where user_id = u.id and workspace_id = $2 and ${SESSION_IS_OPEN('sessions')}
             order by id desc limit ${MAX_SESSIONS}) s`,
          [userIds, workspaceId],
        );
        const rows = raw.map((columns) => toEntity(manager, Session, columns));
        return userIds.map((id) => rows.filter((row) => row.userId === id));
      }),
    { cache },
  );
}
