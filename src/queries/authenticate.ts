import type { DataSource } from 'typeorm';
import { withinPrepared } from '../database/prepared';
import { SERVER } from '../database/scope';
import { type ClientFacts, clientOf, type Principal } from '../domain/actor';
import { type Credential, readCredential } from '../identity/tokens';
import { type LaneBounds, Lanes } from '../lanes/lanes';
import { oneEach } from '../lanes/one-each';
import { type Asked, findApiKeys, findUsers, findVisitors, type Stored } from './credentials';

/** The longest credential has 62 characters; this leaves room without letting megabytes be hashed. */
const MAX_HEADER_LENGTH = 200;
const BEARER = /^Bearer +([A-Za-z0-9_-]+) *$/i;

/**
 * Who a request comes from, by its Authorization header: one statement, across tenants, for the credential is what tells
 * the tenant. Null for no header, and for every credential that is unknown, expired, revoked or of a disabled person;
 * the caller cannot tell which. A visitor is nobody, too, where its agent requires verified ones and it is none, and on
 * a page that its agent does not allow.
 *
 * The database is asked anew for every request. Requests that come while a statement is on its way share the next one.
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
  const prefix = credential.kind === 'API_KEY' ? credential.prefix : '';
  const asked = { hash: credential.hash, prefix, origin: from.origin ?? null };
  const found = await credentialLanesOf(source).add(credential.kind, asked);
  // Spread out of two it would be the slower to read for all that follows: docs/adr/0052.
  return found === null ? null : Object.assign(found, clientOf(from));
}

/** A lane for each kind of credential. */
const BOUNDS: LaneBounds = { batch: 256, running: 3, waiting: 8192, waitingInLane: 8192 };

const FIND = { USER_SESSION: findUsers, VISITOR_SESSION: findVisitors, API_KEY: findApiKeys } as const;

const credentialLanesOf = oneEach(
  (source: DataSource) =>
    new Lanes<Asked, Stored | null>(async (batch, lane) => {
      const find = FIND[lane as Credential['kind']];
      const asked = batch.map(({ item }) => item);
      const found = await withinPrepared(source, SERVER, (ask) => find(ask, asked));
      for (const [at, { resolve }] of batch.entries()) resolve(found.get(at) ?? null);
    }, BOUNDS),
);
