import { IsNull } from 'typeorm';
import type { Database } from '../../database/database';
import { transact, type Transaction } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { done, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { canonicalHost, checkHost } from '../../domain/validation/host';
import { Host } from '../../entities/host';
import { Organization } from '../../entities/organization';
import { audit } from '../audit/audit';
import { lockWorkspace } from './lock-workspace';
import { refuseUnlessStaff } from './refuse-unless-staff';

export interface SetHosts {
  readonly workspaceId: string;
  /** Null or left out: the hosts of the workspace itself. */
  readonly organizationId?: string | null;
  readonly hosts: readonly string[];
}

export interface SetHostsDependencies {
  /** Hosts of this server, which show its own brand, as `canonicalHost` spells them. */
  readonly reservedHosts: readonly string[];
}

const MAX_HOSTS = 50;

/** Rolls back: some of the hosts belong to somebody already. */
class HostsTaken extends Error {
  constructor(readonly hosts: ReadonlySet<string>) {
    super('Hosts are taken.');
  }
}

/**
 * Replaces the hosts of an organization or of the workspace itself, all or nothing. Staff only. CONFLICT for a host that
 * is taken, in whichever workspace: the answer does not tell by whom.
 *
 * @returns the hosts as they are stored, in alphabetical order
 */
export async function setHosts(
  database: Database,
  principal: Principal,
  input: SetHosts,
  { reservedHosts }: SetHostsDependencies,
): Promise<Outcome<readonly string[]>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  const canonical = input.hosts.map((host) => canonicalHost(host) ?? '');
  const reserved = canonical.filter((host) => reservedHosts.includes(host));
  if (reserved.length > 0) return refused(taken(canonical, new Set(reserved)));
  try {
    return await transact(database, principal, async (transaction) =>
      replaceHosts(transaction, principal, input, [...new Set(canonical)]),
    );
  } catch (error) {
    if (!(error instanceof HostsTaken)) throw error;
    return refused(taken(canonical, error.hosts));
  }
}

async function replaceHosts(
  transaction: Transaction,
  principal: Principal,
  { workspaceId, organizationId = null }: SetHosts,
  hosts: readonly string[],
): Promise<Outcome<readonly string[]>> {
  await lockWorkspace(transaction, workspaceId);
  if (organizationId !== null) {
    const organization = await transaction.rows(Organization, workspaceId).find({ id: organizationId });
    if (organization === null) return refused(notFound('organization', 'organizationId'));
  }
  const rows = transaction.rows(Host, workspaceId);
  const owner = { organizationId: organizationId ?? IsNull() };
  const present = (await rows.list(owner)).map(({ host }) => host);
  for (const host of present) if (!hosts.includes(host)) await rows.delete({ ...owner, host });
  // In one order everywhere: two workspaces that want the same hosts at once then wait instead of deadlocking.
  const missing = hosts.filter((host) => !present.includes(host)).sort();
  const inserted = await insertFree(transaction, missing, workspaceId, organizationId);
  const lost = missing.filter((host) => !inserted.has(host));
  if (lost.length > 0) throw new HostsTaken(new Set(lost));
  const after = [...hosts].sort();
  const changes = changesOf({ hosts: present.sort() }, { hosts: after });
  const action = organizationId === null ? 'WORKSPACE_HOSTS_SET' : 'ORGANIZATION_HOSTS_SET';
  const subject = { id: organizationId ?? workspaceId, workspaceId, organizationId: organizationId ?? null };
  if (changes.length > 0) await audit(transaction, principal, action, subject, changes);
  return done(after);
}

/** Lets the primary key decide what is free: nothing of other workspaces is read. Returns what was inserted. */
async function insertFree(
  transaction: Transaction,
  hosts: readonly string[],
  workspaceId: string,
  organizationId: string | null,
): Promise<Set<string>> {
  const rows = await transaction.manager.query<{ host: string }[]>(
    `insert into hosts (host, workspace_id, organization_id)
     select host, $2::uuid, $3::uuid from unnest($1::text[]) with ordinality as wanted (host, place) order by place
     on conflict (host) do nothing returning host`,
    [hosts, workspaceId, organizationId],
  );
  return new Set(rows.map(({ host }) => host));
}

function checkInput(input: SetHosts): Refusal[] {
  if (input.hosts.length > MAX_HOSTS) {
    return [refusal('LIMIT_EXCEEDED', `At most ${String(MAX_HOSTS)} hosts are possible here.`, 'hosts')];
  }
  return input.hosts.flatMap((host, index) => checkHost(host, 'hosts', String(index)));
}

function taken(canonical: readonly string[], hosts: ReadonlySet<string>): Refusal[] {
  return canonical.flatMap((host, index) =>
    hosts.has(host) ? [refusal('CONFLICT', 'This host is in use already.', 'hosts', String(index))] : [],
  );
}
