import type { DataSource, EntityManager } from 'typeorm';
import { SERVER, within } from '../database/scope';
import {
  type ApiKeyPrincipal,
  type ApiKeyScope,
  type ClientFacts,
  clientOf,
  type Permission,
  type Principal,
  type UserPrincipal,
  type VisitorPrincipal,
  type WorkspaceRole,
} from '../domain/actor';
import { isSameHash, readCredential } from '../identity/tokens';
import { IMPERSONATOR_REMAINS } from './changed-access';

/** The longest credential has 62 characters; this leaves room without letting megabytes be hashed. */
const MAX_HEADER_LENGTH = 200;
const BEARER = /^Bearer +([A-Za-z0-9_-]+) *$/i;

/**
 * Who a request comes from, by its Authorization header: one statement, across tenants, for the credential is what tells
 * the tenant. Null for no header, and for every credential that is unknown, expired, revoked or of a disabled person;
 * the caller cannot tell which. A visitor is nobody, too, where its agent requires verified ones and it is none, and on
 * a page that its agent does not allow.
 *
 * @param from where the request comes from, which the audit log then tells of whatever the principal does; its `Origin`
 *   is null where it comes from no page of another site
 */
export async function authenticate(
  source: DataSource,
  authorization: string | null,
  from: Partial<ClientFacts> & { readonly origin?: string | null } = {},
): Promise<Principal | null> {
  if (authorization === null || authorization.length > MAX_HEADER_LENGTH) return null;
  const token = BEARER.exec(authorization)?.[1];
  const credential = token === undefined ? null : readCredential(token);
  if (credential === null) return null;
  const found = await within(source, SERVER, async (manager) => {
    switch (credential.kind) {
      case 'USER_SESSION':
        return findUser(manager, credential.hash);
      case 'VISITOR_SESSION':
        return findVisitor(manager, credential.hash, from.origin ?? null);
      case 'API_KEY':
        return findApiKey(manager, credential.prefix, credential.hash);
    }
  });
  return found === null ? null : { ...found, ...clientOf(from) };
}

/** A principal as the database knows it. */
type Stored<Kind extends Principal> = Omit<Kind, keyof ClientFacts>;

async function findUser(manager: EntityManager, hash: Buffer): Promise<Stored<UserPrincipal> | null> {
  interface Row {
    sessionId: string;
    impersonatorId: string | null;
    userId: string;
    workspaceId: string;
    organizationId: string | null;
    workspaceRole: WorkspaceRole | null;
    permissions: Permission[];
    agentIds: string[] | null;
  }
  const [row] = await manager.query<Row[]>(USER_SESSION, [hash]);
  return row === undefined ? null : { kind: 'USER', ...row };
}

async function findVisitor(
  manager: EntityManager,
  hash: Buffer,
  origin: string | null,
): Promise<Stored<VisitorPrincipal> | null> {
  const [row] = await manager.query<Omit<Stored<VisitorPrincipal>, 'kind'>[]>(VISITOR_SESSION, [hash, origin]);
  return row === undefined ? null : { kind: 'VISITOR', ...row };
}

async function findApiKey(
  manager: EntityManager,
  prefix: string,
  hash: Buffer,
): Promise<Stored<ApiKeyPrincipal> | null> {
  interface Row {
    keyId: string;
    workspaceId: string;
    agentId: string | null;
    scopes: ApiKeyScope[];
    version: number;
    secretHash: Buffer;
    formerHash: Buffer | null;
  }
  const [row] = await manager.query<Row[]>(API_KEY, [prefix, hash]);
  if (row === undefined) return null;
  const { keyId, workspaceId, agentId, scopes } = row;
  const isFormer = row.formerHash !== null && isSameHash(row.formerHash, hash);
  if (!isFormer && !isSameHash(row.secretHash, hash)) return null;
  return { kind: 'API_KEY', workspaceId, keyId, agentId, scopes, secretVersion: row.version - (isFormer ? 1 : 0) };
}

// "Last seen" is kept to the minute, so most requests write nothing; and with skip locked no request waits for another
// one that is just writing it.

const USER_SESSION = `
with touched as (
  update sessions set last_seen_at = clock_timestamp() where id = (
    select id from sessions where token_hash = $1 and revoked_at is null and expires_at > clock_timestamp()
      and last_seen_at < clock_timestamp() - interval '1 minute'
    for no key update skip locked)
)
select sessions.id as "sessionId", sessions.impersonator_id as "impersonatorId", users.id as "userId", users.workspace_id as "workspaceId",
  users.organization_id as "organizationId", users.workspace_role as "workspaceRole", users.permissions,
  case when users.limited_to_agents then array(select agent_id from user_agents where user_id = users.id order by agent_id)
    end as "agentIds"
from sessions join users on users.workspace_id = sessions.workspace_id and users.id = sessions.user_id
where sessions.token_hash = $1 and sessions.revoked_at is null and sessions.expires_at > clock_timestamp()
  and users.disabled_at is null and ${IMPERSONATOR_REMAINS('sessions')}`;

const VISITOR_SESSION = `
select visitors.id as "visitorId", visitors.workspace_id as "workspaceId", visitors.agent_id as "agentId",
  visitor_sessions.id as "sessionId"
from visitor_sessions
join visitors on visitors.workspace_id = visitor_sessions.workspace_id and visitors.id = visitor_sessions.visitor_id
join agents on agents.workspace_id = visitors.workspace_id and agents.id = visitors.agent_id
where visitor_sessions.token_hash = $1 and visitor_sessions.expires_at > clock_timestamp()
  and (visitors.is_verified or not agents.identity_verification_required)
  and ($2::text is null or agents.allowed_origins = '{}' or $2 = any (agents.allowed_origins))`;

const API_KEY = `
with touched as (
  update api_keys set last_used_at = clock_timestamp() where id = (
    select id from api_keys where prefix = $1 and revoked_at is null
      and (secret_hash = $2 or (former_secret_hash = $2 and former_secret_expires_at > clock_timestamp()))
      and (expires_at is null or expires_at > clock_timestamp())
      and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')
    for no key update skip locked)
)
select id as "keyId", workspace_id as "workspaceId", agent_id as "agentId", scopes, secret_version as version,
  secret_hash as "secretHash", case when former_secret_expires_at > clock_timestamp() then former_secret_hash end as "formerHash"
from api_keys
where prefix = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`;
