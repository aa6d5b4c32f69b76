import { LessThan } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { read, SERVER } from '../../database/scope';
import { type Transaction, transact } from '../../database/transact';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkEmail } from '../../domain/validation/email';
import { canonicalLocale, checkLocale } from '../../domain/validation/locale';
import { checkOptionalName } from '../../domain/validation/name';
import { givenValues, whenSet } from '../../domain/validation/patch';
import { NAMELESS_VISITOR } from '../../domain/visitor-name';
import { Agent } from '../../entities/agent';
import { Visitor } from '../../entities/visitor';
import { VisitorSession } from '../../entities/visitor-session';
import { hashToken, newToken } from '../../identity/tokens';
import { findVerifiedVisitor, type OpenSecret } from './verified-visitor';

export interface StartVisitorSession {
  readonly agentPublicKey: string;
  readonly resumeToken?: string | null;
  readonly identityToken?: string | null;
  readonly displayName?: string | null;
  readonly email?: string | null;
  readonly locale?: string | null;
  /** The request's `Origin`; null when it has none. */
  readonly origin: string | null;
}

export interface StartedVisitorSession {
  readonly visitor: Visitor;
  readonly agent: Agent;
  readonly visitorToken: string;
  /**
   * Stays the same for the visitor's life: a token that changed at each use would lock out the second tab, and the tab
   * whose answer got lost on the way. Null for a verified visitor, who comes back with another identity token: what lies
   * in the storage of a shared computer must not be anybody's name.
   */
  readonly resumeToken: string | null;
  readonly expiresAt: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SESSION_MS = DAY_MS;
/** Half a year after the last visit nobody expects the conversation to be there, and the token is still lying about. */
const RESUME_MS = 180 * DAY_MS;

/**
 * Opens a widget's session with an agent: with `identityToken` for the visitor for whom the partner vouches, with
 * `resumeToken` for an earlier one, else for a new one. Public. An identity token decides alone: a conversation that was
 * begun without a name stays with whoever holds its resume token, which on a shared computer is somebody else.
 * TOKEN_EXPIRED: the resume token is of no visitor of this agent (the widget forgets it and starts anew), or the
 * identity token is too old or was used.
 */
export async function startVisitorSession(
  database: Database,
  input: StartVisitorSession,
  { openSecret }: { readonly openSecret: OpenSecret },
): Promise<Outcome<StartedVisitorSession>> {
  // The key is what tells the tenant.
  const publicKey = input.agentPublicKey;
  const agent = isKey(publicKey)
    ? await read(database.source, SERVER, (manager) => manager.findOneBy(Agent, { publicKey }))
    : null;
  if (agent === null) return refused(notFound('agent', 'agentPublicKey'));
  const unauthorized = refuseAccess(agent, input);
  if (unauthorized.length > 0) return refused(unauthorized);
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  return transact(database, { workspaceId: agent.workspaceId }, async (transaction) => {
    const now = await transaction.now();
    if (input.identityToken) {
      const start = { identityToken: input.identityToken, locale: input.locale ?? null, now };
      const { value, refusals } = await findVerifiedVisitor(transaction, agent, start, openSecret);
      if (value === null) return refused(refusals);
      return done({ visitor: value, agent, resumeToken: null, ...(await openSession(transaction, value, now)) });
    }
    const resumeToken = input.resumeToken ?? newToken('VISITOR_RESUME');
    const visitor = input.resumeToken
      ? await resume(transaction, agent, resumeToken, input, now)
      : await transaction.rows(Visitor, agent.workspaceId).insert(newVisitor(agent, resumeToken, input, now));
    if (visitor === null) {
      return refused(
        refusal('TOKEN_EXPIRED', 'This visit cannot be continued. Start a new one without resumeToken.', 'resumeToken'),
      );
    }
    return done({ visitor, agent, resumeToken, ...(await openSession(transaction, visitor, now)) });
  });
}

function refuseAccess(agent: Agent, input: StartVisitorSession): Refusal[] {
  const refusals: Refusal[] = [];
  if (agent.allowedOrigins.length > 0 && (input.origin === null || !agent.allowedOrigins.includes(input.origin))) {
    refusals.push(forbidden('This agent may not be used on this web site.', 'agentPublicKey'));
  }
  if (agent.identityVerificationRequired && !input.identityToken) {
    const advice = 'Send an identityToken that your back end has signed.';
    refusals.push(forbidden(`This agent takes verified visitors alone. ${advice}`, 'identityToken'));
  }
  return refusals;
}

function newVisitor(
  agent: Agent,
  resumeToken: string,
  input: StartVisitorSession,
  now: Date,
): Omit<Visitor, 'workspaceId'> {
  return {
    id: newId(),
    agentId: agent.id,
    displayName: NAMELESS_VISITOR,
    email: null,
    locale: null,
    ...detailsOf(input),
    isVerified: false,
    externalId: null,
    resumeTokenHash: hashToken(resumeToken),
    lastActiveAt: now,
    createdAt: now,
  };
}

async function resume(
  transaction: Transaction,
  agent: Agent,
  resumeToken: string,
  input: StartVisitorSession,
  now: Date,
): Promise<Visitor | null> {
  const visitors = transaction.rows(Visitor, agent.workspaceId);
  const visitor = await visitors.lock({ agentId: agent.id, resumeTokenHash: hashToken(resumeToken) });
  if (visitor === null || isForgotten(visitor, now)) return null;
  const change = { ...detailsOf(input), lastActiveAt: now };
  await visitors.update({ id: visitor.id }, change);
  return { ...visitor, ...change };
}

function isForgotten({ lastActiveAt, createdAt }: Visitor, now: Date): boolean {
  return now.getTime() - (lastActiveAt ?? createdAt).getTime() > RESUME_MS;
}

/** What the page says of its visitor. What it leaves out stays as it was. */
function detailsOf(input: StartVisitorSession): Partial<Pick<Visitor, 'displayName' | 'email' | 'locale'>> {
  return givenValues({
    displayName: input.displayName?.trim(),
    email: input.email?.trim(),
    locale: canonicalLocale(input.locale ?? '') ?? undefined,
  });
}

async function openSession(
  transaction: Transaction,
  visitor: Visitor,
  now: Date,
): Promise<{ visitorToken: string; expiresAt: Date }> {
  const sessions = transaction.rows(VisitorSession, visitor.workspaceId);
  await sessions.delete({ visitorId: visitor.id, expiresAt: LessThan(now) });
  const visitorToken = newToken('VISITOR_SESSION');
  const expiresAt = new Date(now.getTime() + SESSION_MS);
  await sessions.insert({
    id: newId(),
    visitorId: visitor.id,
    tokenHash: hashToken(visitorToken),
    createdAt: now,
    expiresAt,
  });
  return { visitorToken, expiresAt };
}

function checkInput(input: StartVisitorSession): Refusal[] {
  return [
    ...checkOptionalName(input.displayName, 'displayName'),
    ...whenSet(input.email, checkEmail, 'email'),
    ...whenSet(input.locale, checkLocale, 'locale'),
  ];
}

/** Keeps NUL and endless texts away from the database. */
function isKey(text: string): boolean {
  return /^pk_[A-Za-z0-9_-]{1,64}$/.test(text);
}
