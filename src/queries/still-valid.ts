import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import type { Principal } from '../domain/actor';

/**
 * Which of these principals still have a credential that is neither ended nor revoked: one statement for all open
 * sockets of a process. Visitors' sessions cannot be revoked: a visitor counts until it is erased.
 */
export async function stillValid(
  source: DataSource,
  principals: readonly Principal[],
): Promise<ReadonlySet<Principal>> {
  const ids = [...new Set(principals.map(credentialOf))];
  const rows = await read(source, SERVER, (manager) => manager.query<{ id: string }[]>(VALID, [ids]));
  const valid = new Set(rows.map((row) => row.id));
  return new Set(principals.filter((principal) => valid.has(credentialOf(principal))));
}

function credentialOf(principal: Principal): string {
  if (principal.kind === 'USER') return principal.sessionId;
  return principal.kind === 'API_KEY' ? principal.keyId : principal.visitorId;
}

const VALID = `
  select s.id from sessions s join users u on u.id = s.user_id
  where s.id = any ($1::uuid[]) and s.revoked_at is null and s.expires_at > now() and u.disabled_at is null
  union all
  select k.id from api_keys k
  where k.id = any ($1::uuid[]) and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
  union all
  select v.id from visitors v where v.id = any ($1::uuid[])`;
