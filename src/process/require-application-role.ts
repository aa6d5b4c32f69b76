import type { DataSource } from 'typeorm';
import { SCOPE_ROLES } from '../database/roles';
import { StartError } from './run-root';

interface Role {
  readonly name: string;
  readonly isPowerful: boolean;
  readonly owns: boolean;
  readonly belongs: boolean;
  readonly inherits: boolean;
}

/**
 * A role that owns the tables, or may pass by row-level security, would have one wall between tenants fewer, and nobody
 * would notice. One that inherits what it may turn into would not notice a statement outside of every scope.
 *
 * @throws StartError with what to do
 */
export async function requireApplicationRole(source: DataSource): Promise<void> {
  const [role] = await source.query<Role[]>(ROLE, [SCOPE_ROLES]);
  if (role === undefined) throw new Error('PostgreSQL does not know the role that has just signed in.');
  const { name, isPowerful, owns, belongs, inherits } = role;
  if (isPowerful) throw refusal(name, 'a superuser, or one that may make roles or pass by row-level security');
  if (owns) throw refusal(name, 'the owner of the tables');
  if (belongs && !inherits) return;
  throw new StartError(`DATABASE_URL signs in as ${name}, which has not been let in: run \`npm run migrate\` first.`);
}

function refusal(name: string, what: string): StartError {
  return new StartError(
    `DATABASE_URL signs in as ${name}, ${what}: put that address into DATABASE_OWNER_URL and another user into DATABASE_URL, and run \`npm run migrate\`, which makes that user.`,
  );
}

const ROLE = `
select r.rolname as name, r.rolsuper or r.rolbypassrls or r.rolcreaterole as "isPowerful",
  exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = 'migrations'
    and pg_has_role(r.oid, c.relowner, 'member')) as owns,
  (select count(*) = cardinality($1::text[]) from pg_roles s
    where s.rolname = any ($1) and pg_has_role(r.oid, s.oid, 'member')) as belongs,
  exists (select from pg_roles s where s.rolname = any ($1) and pg_has_role(r.oid, s.oid, 'usage')) as inherits
from pg_roles r where r.rolname = current_user`;
