import { newId } from '../../database/ids';
import type { Transaction } from '../../database/transact';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { formerIdentitySecretPlace, identitySecretPlace } from '../../domain/secrets';
import { checkEmail } from '../../domain/validation/email';
import { canonicalLocale, checkLocale } from '../../domain/validation/locale';
import { checkName } from '../../domain/validation/name';
import { whenSet } from '../../domain/validation/patch';
import { NAMELESS_VISITOR } from '../../domain/visitor-name';
import { Agent } from '../../entities/agent';
import { Visitor } from '../../entities/visitor';
import { type Identity, readIdentityToken } from '../../identity/identity-token';

/** Opens what was sealed for the place; null when no key of this process does. */
export type OpenSecret = (stored: string, place: string) => string | null;

export interface VerifiedStart {
  readonly identityToken: string;
  /** Language of the page, for a token that names none. Name and address come from the token alone: people trust them. */
  readonly locale: string | null;
  readonly now: Date;
}

const PATH = 'identityToken';

/**
 * The one visitor of the agent for whom the partner vouches with this token: found by its `sub`, or made. The token is
 * used up by it. TOKEN_EXPIRED: the widget asks its back end for another. INVALID: it never was a good one.
 */
export async function findVerifiedVisitor(
  transaction: Transaction,
  agent: Agent,
  start: VerifiedStart,
  openSecret: OpenSecret,
): Promise<Outcome<Visitor>> {
  const { identityToken, now } = start;
  const secrets = secretsOf(await held(transaction, agent), now, openSecret);
  const identity = await readIdentityToken(identityToken, { secrets, audience: agent.publicKey, now });
  if ('isExpired' in identity) {
    return refused(refusal(identity.isExpired ? 'TOKEN_EXPIRED' : 'INVALID', identity.message, PATH));
  }
  const invalid = checkClaims(identity);
  if (invalid.length > 0) return refused(invalid);
  if (!(await useUp(transaction, agent, identity))) return refused(refusal('TOKEN_EXPIRED', USED, PATH));
  return done(await findOrInsert(transaction, agent, identity, start));
}

const USED = 'This identity token was used already; each serves once. Ask your back end for another one.';

/** As it is now, and until the session is there: a rotation that ends what a secret has opened waits for it. */
async function held({ manager }: Transaction, { id, workspaceId }: Agent): Promise<Agent> {
  return manager.findOneOrFail(Agent, { where: { id, workspaceId }, lock: { mode: 'pessimistic_read' } });
}

function secretsOf(agent: Agent, now: Date, openSecret: OpenSecret): string[] {
  const { identitySecret, formerIdentitySecret, formerIdentitySecretExpiresAt: end } = agent;
  const isFormerGood = end !== null && end > now;
  return [
    identitySecret === null ? null : openSecret(identitySecret, identitySecretPlace(agent.id)),
    formerIdentitySecret === null || !isFormerGood
      ? null
      : openSecret(formerIdentitySecret, formerIdentitySecretPlace(agent.id)),
  ].filter((secret) => secret !== null);
}

function checkClaims({ name, email, locale }: Identity): Refusal[] {
  const claims = {
    name: whenSet(name, checkName),
    email: whenSet(email, checkEmail),
    locale: whenSet(locale, checkLocale),
  };
  return Object.entries(claims).flatMap(([claim, refusals]) =>
    refusals.map(({ message }) => refusal('INVALID', `The claim ${claim} of the identity token: ${message}`, PATH)),
  );
}

/** False when it was used before, in whichever process: the primary key decides. */
async function useUp({ manager }: Transaction, agent: Agent, { tokenHash, expiresAt }: Identity): Promise<boolean> {
  const used = await manager.query<unknown[]>(
    `insert into used_identity_tokens (workspace_id, agent_id, jti_hash, expires_at) values ($1, $2, $3, $4)
     on conflict do nothing returning 1`,
    [agent.workspaceId, agent.id, tokenHash, expiresAt],
  );
  return used.length > 0;
}

async function findOrInsert(
  transaction: Transaction,
  agent: Agent,
  { externalId, name, email, locale }: Identity,
  start: VerifiedStart,
): Promise<Visitor> {
  const visitors = transaction.rows(Visitor, agent.workspaceId);
  const visitor: Visitor = {
    id: newId(),
    workspaceId: agent.workspaceId,
    agentId: agent.id,
    displayName: name?.trim() ?? NAMELESS_VISITOR,
    email: email?.trim() ?? null,
    locale: canonicalLocale(locale ?? start.locale ?? ''),
    isVerified: true,
    externalId,
    resumeTokenHash: null,
    lastActiveAt: start.now,
    createdAt: start.now,
  };
  // Two tabs of somebody new: the second one waits here for the first, and then finds its visitor.
  await transaction.manager.createQueryBuilder().insert().into(Visitor).values(visitor).orIgnore().execute();
  const found = await visitors.lock({ agentId: agent.id, externalId });
  if (found === null) throw new Error('A verified visitor is neither found nor made.');
  const change = {
    // What the token does not say stays as an earlier one said it.
    ...(name === null ? {} : { displayName: visitor.displayName }),
    ...(email === null ? {} : { email: visitor.email }),
    ...(visitor.locale === null ? {} : { locale: visitor.locale }),
    lastActiveAt: start.now,
  };
  await visitors.update({ id: found.id }, change);
  return { ...found, ...change };
}
