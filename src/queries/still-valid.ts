import type { DataSource } from 'typeorm';
import { SERVER, within } from '../database/scope';
import type { Principal } from '../domain/actor';

/**
 * Which of these principals still have a credential that is neither ended nor revoked: one statement for all open
 * sockets of a process. An open socket is a use of its key.
 */
export async function stillValid(
  source: DataSource,
  principals: readonly Principal[],
): Promise<ReadonlySet<Principal>> {
  const ids = [...new Set(principals.map(credentialOf))];
  const rows = await within(source, SERVER, (manager) =>
    manager.query<{ id: string; version: number | null }[]>(VALID, [ids]),
  );
  const valid = new Set(rows.map(({ id, version }) => nameOf(id, version)));
  return new Set(
    principals.filter((principal) => {
      const version = principal.kind === 'API_KEY' ? principal.secretVersion : null;
      return valid.has(nameOf(credentialOf(principal), version));
    }),
  );
}

function credentialOf(principal: Principal): string {
  return principal.kind === 'API_KEY' ? principal.keyId : principal.sessionId;
}

/** Of a key there may be two secrets that work. */
function nameOf(id: string, version: number | null): string {
  return `${id} ${String(version)}`;
}

const VALID = `
with valid_keys as (
  select k.id, k.secret_version, k.former_secret_expires_at, k.last_used_at from api_keys k
  where k.id = any ($1::uuid[]) and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
), touched as (
  update api_keys set last_used_at = now() where id in (
    select id from api_keys where id in (
      select id from valid_keys where last_used_at is null or last_used_at < now() - interval '1 minute')
    for no key update skip locked)
)
select s.id, null::int as version from sessions s join users u on u.id = s.user_id
where s.id = any ($1::uuid[]) and s.revoked_at is null and s.expires_at > now() and u.disabled_at is null
union all
select s.id, null from visitor_sessions s
join visitors v on v.workspace_id = s.workspace_id and v.id = s.visitor_id
join agents a on a.workspace_id = v.workspace_id and a.id = v.agent_id
where s.id = any ($1::uuid[]) and s.expires_at > now() and (v.is_verified or not a.identity_verification_required)
union all
select id, secret_version from valid_keys
union all
select id, secret_version - 1 from valid_keys where former_secret_expires_at > now()`;
