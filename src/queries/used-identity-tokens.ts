import type { DataSource } from 'typeorm';
import { SERVER, within } from '../database/scope';

/** Forgets identity tokens that are too old to be shown again; returns how many. */
export async function forgetUsedIdentityTokens(source: DataSource, options: { limit: number }): Promise<number> {
  const [, count] = await within(source, SERVER, (manager) =>
    manager.query<[unknown, number]>(
      `delete from used_identity_tokens where (agent_id, jti_hash) in (
         select agent_id, jti_hash from used_identity_tokens where expires_at < clock_timestamp()
         order by expires_at limit $1 for update skip locked)`,
      [options.limit],
    ),
  );
  return count;
}
