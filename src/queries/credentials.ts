import type { Ask } from '../database/prepared';
import type {
  ApiKeyPrincipal,
  ApiKeyScope,
  ClientFacts,
  Principal,
  UserPrincipal,
  VisitorPrincipal,
} from '../domain/actor';
import { isSameHash } from '../identity/tokens';
import {
  AGENT_IDS_OF,
  FORMER_SECRET_HOLDS,
  KEY_HOLDS,
  SESSION_HOLDS,
  SESSION_IS_OPEN,
  VISITOR_SESSION_HOLDS,
} from './credentials-hold';

/** A credential that somebody shows. */
export interface Asked {
  readonly hash: Buffer;
  /** Of an API key; empty for the others. */
  readonly prefix: string;
  /** The page's. */
  readonly origin: string | null;
}

/** A principal as the database knows it. */
export type Stored = Omit<UserPrincipal, Client> | Omit<VisitorPrincipal, Client> | Omit<ApiKeyPrincipal, Client>;
type Client = keyof ClientFacts;

/** By the place of the question; nobody is not in it. */
type Found = ReadonlyMap<number, Stored>;

/** A row, with the place of its question: 1, 2, 3 … */
type Answer<Kind extends Principal> = Omit<Kind, Client | 'kind'> & { readonly place: string };

export async function findUsers(ask: Ask, asked: readonly Asked[]): Promise<Found> {
  const rows = await ask<Answer<UserPrincipal>>(USER_SESSIONS, [asked.map(({ hash }) => hash)], 'LAST');
  return byPlace(rows, (row) => ({
    kind: 'USER',
    workspaceId: row.workspaceId,
    userId: row.userId,
    sessionId: row.sessionId,
    impersonatorId: row.impersonatorId,
    organizationId: row.organizationId,
    workspaceRole: row.workspaceRole,
    permissions: row.permissions,
    agentIds: row.agentIds,
  }));
}

export async function findVisitors(ask: Ask, asked: readonly Asked[]): Promise<Found> {
  const values = [asked.map(({ hash }) => hash), asked.map(({ origin }) => origin)];
  const rows = await ask<Answer<VisitorPrincipal>>(VISITOR_SESSIONS, values, 'LAST');
  return byPlace(rows, ({ workspaceId, visitorId, sessionId, agentId }) => ({
    kind: 'VISITOR',
    workspaceId,
    visitorId,
    sessionId,
    agentId,
  }));
}

export async function findApiKeys(ask: Ask, asked: readonly Asked[]): Promise<Found> {
  interface Row {
    place: string;
    keyId: string;
    workspaceId: string;
    agentId: string | null;
    scopes: ApiKeyScope[];
    version: number;
    secretHash: Buffer;
    formerHash: Buffer | null;
  }
  const values = [asked.map(({ prefix }) => prefix), asked.map(({ hash }) => hash)];
  const rows = await ask<Row>(API_KEYS, values, 'LAST');
  return byPlace(rows, ({ place, workspaceId, keyId, agentId, scopes, version, secretHash, formerHash }) => {
    const shown = asked[Number(place) - 1]?.hash ?? Buffer.alloc(0);
    const isFormer = formerHash !== null && isSameHash(formerHash, shown);
    if (!isFormer && !isSameHash(secretHash, shown)) return null;
    return { kind: 'API_KEY', workspaceId, keyId, agentId, scopes, secretVersion: version - (isFormer ? 1 : 0) };
  });
}

/** @param principalOf names each field (docs/adr/0052) */
function byPlace<Row extends { readonly place: string }>(
  rows: readonly Row[],
  principalOf: (row: Row) => Stored | null,
): Found {
  const found = new Map<number, Stored>();
  for (const row of rows) {
    const principal = principalOf(row);
    if (principal !== null) found.set(Number(row.place) - 1, principal);
  }
  return found;
}

// From the credential on, row by row: "offset 0" keeps the order of the joins. Left to itself, the planner takes two
// columns of a key for independent ones, expects one visitor where there are thousands, and reads all of them: 95 ms
// instead of 0.3 for thirty credentials among a thousand visitors. And by the key alone: before the first ANALYZE an index of
// the workspace looks as good, and leads to all of its rows.

// "Last seen" is kept to the minute, so most requests write nothing; and with skip locked no request waits for another
// one that is just writing it.

const USER_SESSIONS = {
  name: 'find_users',
  text: `
with touched as (
  update sessions set last_seen_at = clock_timestamp() where id in (
    select id from sessions where token_hash = any ($1::bytea[]) and ${SESSION_IS_OPEN('sessions')}
      and last_seen_at < clock_timestamp() - interval '1 minute'
    order by id for no key update skip locked)
)
select asked.place, sessions.id as "sessionId", sessions.impersonator_id as "impersonatorId", users.id as "userId",
  users.workspace_id as "workspaceId", users.organization_id as "organizationId", users.workspace_role as "workspaceRole",
  users.permissions, ${AGENT_IDS_OF('users')} as "agentIds"
from unnest($1::bytea[]) with ordinality as asked (hash, place)
cross join lateral (select * from sessions where token_hash = asked.hash offset 0) sessions
cross join lateral (
  select * from users where id = sessions.user_id offset 0) users
where ${SESSION_HOLDS('sessions', 'users')}`,
};

const VISITOR_SESSIONS = {
  name: 'find_visitors',
  text: `
select asked.place, visitors.id as "visitorId", visitors.workspace_id as "workspaceId", visitors.agent_id as "agentId",
  visitor_sessions.id as "sessionId"
from unnest($1::bytea[], $2::text[]) with ordinality as asked (hash, origin, place)
cross join lateral (select * from visitor_sessions where token_hash = asked.hash offset 0) visitor_sessions
cross join lateral (
  select * from visitors where id = visitor_sessions.visitor_id offset 0) visitors
cross join lateral (
  select * from agents where id = visitors.agent_id offset 0) agents
where ${VISITOR_SESSION_HOLDS('visitor_sessions', 'visitors', 'agents')}
  and (asked.origin is null or agents.allowed_origins = '{}' or asked.origin = any (agents.allowed_origins))`,
};

/** An update that says of the keys that fit, and hold, that they are being used; an open socket is a use as well. */
export const NOTE_USE_OF_KEYS = (
  condition: string,
): string => `update api_keys set last_used_at = clock_timestamp() where id in (
    select id from api_keys where ${condition} and ${KEY_HOLDS('api_keys')}
      and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')
    order by id for no key update skip locked)`;

const API_KEYS = {
  name: 'find_api_keys',
  text: `
with asked as (
  select * from unnest($1::text[], $2::bytea[]) with ordinality as asked (prefix, hash, place)
), touched as (
  ${NOTE_USE_OF_KEYS(`prefix = any ($1::text[]) and exists (
      select from asked where asked.prefix = api_keys.prefix and (asked.hash = secret_hash
        or (asked.hash = former_secret_hash and ${FORMER_SECRET_HOLDS('api_keys')})))`)}
)
select asked.place, id as "keyId", workspace_id as "workspaceId", agent_id as "agentId", scopes, secret_version as version,
  secret_hash as "secretHash", case when ${FORMER_SECRET_HOLDS('api_keys')} then former_secret_hash end as "formerHash"
from asked join api_keys on api_keys.prefix = asked.prefix
where ${KEY_HOLDS('api_keys')}`,
};
