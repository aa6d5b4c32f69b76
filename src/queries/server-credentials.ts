import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import { SESSION_IS_OPEN } from './credentials-hold';

/** For the person who runs the server, as in server-accounts.ts. */
export interface KeySummary {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly prefix: string;
  /** Whose AI runtime it is; null: the partner's back end. */
  readonly agentName: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly state: 'VALID' | 'EXPIRED' | 'REVOKED';
}

export interface SessionSummary {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly userAgent: string | null;
}

/** API keys of the workspace with this slug, ended ones included; of all prefixes, or of one. Oldest first. */
export async function listKeys(
  source: DataSource,
  filter: { readonly workspace: string; readonly prefix: string | null },
): Promise<KeySummary[]> {
  return read(source, SERVER, (manager) =>
    manager.query<KeySummary[]>(
      `select k.id, k.workspace_id as "workspaceId", k.name, k.prefix, a.display_name as "agentName",
       k.created_at as "createdAt", k.last_used_at as "lastUsedAt",
       case when k.revoked_at is not null then 'REVOKED' when k.expires_at <= now() then 'EXPIRED' else 'VALID' end as state
     from api_keys k join workspaces w on w.id = k.workspace_id left join agents a on a.id = k.agent_id
     where w.slug = $1 and ($2::text is null or k.prefix = $2) order by k.id`,
      [filter.workspace, filter.prefix],
    ),
  );
}

/** Open sessions of a person, newest first. */
export async function listOpenSessions(source: DataSource, userId: string): Promise<SessionSummary[]> {
  return read(source, SERVER, (manager) =>
    manager.query<SessionSummary[]>(
      `select created_at as "createdAt", last_seen_at as "lastSeenAt", user_agent as "userAgent" from sessions
     where user_id = $1 and ${SESSION_IS_OPEN('sessions')} order by id desc`,
      [userId],
    ),
  );
}
