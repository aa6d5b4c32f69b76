import { In } from 'typeorm';
import type { Database } from '../../database/database';
import { read, SERVER } from '../../database/scope';
import { User } from '../../entities/user';
import { storable } from '../../database/storable';

/** One password is tried against so many accounts: each try takes half a second of a core. */
const MAX_ACCOUNTS = 5;

/** Accounts of an address that may sign in: in the workspace with that slug, or in all. */
export async function findAccounts(
  database: Database,
  { email, workspace }: { readonly email: string; readonly workspace?: string | null },
): Promise<User[]> {
  return read(database.source, SERVER, async (manager) => {
    const ids = await manager.query<{ id: string }[]>(
      `select users.id from users join workspaces on workspaces.id = users.workspace_id
       where lower(users.email) = lower($1) and users.disabled_at is null and ($2::text is null or workspaces.slug = $2)
       order by users.id limit $3`,
      [storable(email.trim()), workspace == null ? null : storable(workspace), MAX_ACCOUNTS],
    );
    return manager.findBy(User, { id: In(ids.map((row) => row.id)) });
  });
}
