import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import type { Principal } from '../domain/actor';

/**
 * Which of these principals still have a credential that is neither ended nor revoked: one statement for all open
 * sockets of a process. Visitors' sessions cannot be revoked and are left alone.
 */
export async function stillValid(
  source: DataSource,
  principals: readonly Principal[],
): Promise<ReadonlySet<Principal>> {
  const ids = [...new Set(principals.map(credentialOf).filter((id) => id !== null))];
  const rows = await read(source, SERVER, (manager) => manager.query<{ id: string }[]>(VALID, [ids]));
  const valid = new Set(rows.map((row) => row.id));
  return new Set(
    principals.filter((principal) => {
      const id = credentialOf(principal);
      return id === null || valid.has(id);
    }),
  );
}

function credentialOf(principal: Principal): string | null {
  if (principal.kind === 'USER') return principal.sessionId;
  return principal.kind === 'API_KEY' ? principal.keyId : null;
}

/**
 * That a session is nobody's but its person's, or its impersonator still is who they were: signed in by the session that
 * they came from, on the staff, not disabled. Whatever ends that session, now or in a later version, ends this one.
 */
export const IMPERSONATOR_REMAINS = (
  session: string,
): string => `(${session}.impersonator_session_id is null or exists (
    select from sessions own join users staff on staff.workspace_id = own.workspace_id and staff.id = own.user_id
    where own.id = ${session}.impersonator_session_id and own.workspace_id = ${session}.workspace_id
      and own.revoked_at is null and own.expires_at > clock_timestamp()
      and staff.disabled_at is null and staff.workspace_role is not null))`;

const VALID = `
  select s.id from sessions s join users u on u.id = s.user_id
  where s.id = any ($1::uuid[]) and s.revoked_at is null and s.expires_at > now() and u.disabled_at is null
    and ${IMPERSONATOR_REMAINS('s')}
  union all
  select k.id from api_keys k
  where k.id = any ($1::uuid[]) and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;
