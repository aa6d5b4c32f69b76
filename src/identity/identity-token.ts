import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

/** What the partner's back end says of a visitor. */
export interface Identity {
  /** Who it is to the partner, for ever. */
  readonly externalId: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly locale: string | null;
  /** SHA-256 of `jti`, and until when this token could be shown again. */
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
}

export type IdentityProblem = { readonly isExpired: boolean; readonly message: string };

export interface IdentityCheck {
  /** Each may have signed it: the present secret and, while it counts, the former one. */
  readonly secrets: readonly string[];
  /** The agent's public key. */
  readonly audience: string;
  readonly now: Date;
}

/** A token with every claim at its longest has 2 KB. */
const MAX_LENGTH = 4096;
const MAX_LIFE_SECONDS = 300;
/** Clocks of servers that keep time are within a second of each other; those that do not within a few. */
const LEEWAY_SECONDS = 30;
const MAX_CLAIM_LENGTH = 255;

/** Reads a JWT (RFC 7519) that was signed with HS256 for this agent, and that lives at most five minutes. */
export async function readIdentityToken(token: string, check: IdentityCheck): Promise<Identity | IdentityProblem> {
  if (token.length > MAX_LENGTH) return invalid(`It is longer than ${String(MAX_LENGTH)} characters.`);
  let problem = invalid('This agent has no identity secret yet: make one with rotateIdentitySecret.');
  for (const secret of check.secrets) {
    const read = await readSigned(token, secret, check);
    if ('externalId' in read) return read;
    problem = read;
    if (read.isSigned) break;
  }
  return { isExpired: problem.isExpired, message: problem.message };
}

interface Problem extends IdentityProblem {
  /** The secret was the right one: another will not be. */
  readonly isSigned: boolean;
}

async function readSigned(
  token: string,
  secret: string,
  { audience, now }: IdentityCheck,
): Promise<Identity | Problem> {
  try {
    const { payload } = await jwtVerify(token, Buffer.from(secret, 'utf8'), {
      algorithms: ['HS256'],
      audience,
      clockTolerance: LEEWAY_SECONDS,
      currentDate: now,
      requiredClaims: ['sub', 'aud', 'exp', 'jti'],
    });
    return identityOf(payload, now);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { ...EXPIRED, isSigned: true };
    if (error instanceof errors.JWTClaimValidationFailed) return { ...invalid(adviceFor(error.claim)), isSigned: true };
    if (error instanceof errors.JOSEError) return invalid(UNSIGNED);
    throw error;
  }
}

const UNSIGNED = "It must be a JWT that was signed with HS256 and this agent's identity secret.";
const EXPIRED: Problem = {
  isExpired: true,
  isSigned: true,
  message: 'This identity token has expired: ask your back end for another one.',
};

function invalid(what: string): Problem {
  return { isExpired: false, isSigned: false, message: `This identity token is not accepted. ${what}` };
}

function adviceFor(claim: string): string {
  if (claim === 'aud') return "Its aud must be the agent's public key.";
  if (claim === 'nbf' || claim === 'iat') return 'It is not valid yet: check the clock of your back end.';
  return `Its claim ${claim} is missing or not of the right type.`;
}

function identityOf(claims: Readonly<Record<string, unknown>>, now: Date): Identity | Problem {
  const { sub, jti, exp, iat } = claims;
  const signed = (what: string): Problem => ({ ...invalid(what), isSigned: true });
  for (const [name, value] of Object.entries({ sub, jti })) {
    if (!isId(value)) return signed(`Its ${name} must be a text of 1 to ${String(MAX_CLAIM_LENGTH)} characters.`);
  }
  for (const name of ['name', 'email', 'locale'] as const) {
    const value = claims[name];
    if (value != null && typeof value !== 'string') return signed(`Its claim ${name} must be a text.`);
  }
  // The library has checked that these are numbers.
  const [expires, issued] = [Number(exp), Number(iat ?? 0)];
  const seconds = now.getTime() / 1000;
  if (issued > seconds + LEEWAY_SECONDS) return signed(adviceFor('iat'));
  const isShort = expires - seconds <= MAX_LIFE_SECONDS + LEEWAY_SECONDS;
  if (!isShort || (iat !== undefined && expires - issued > MAX_LIFE_SECONDS)) {
    return signed(`It must not live longer than ${String(MAX_LIFE_SECONDS)} seconds: let exp be sooner.`);
  }
  return {
    externalId: String(sub),
    name: textOf(claims.name),
    email: textOf(claims.email),
    locale: textOf(claims.locale),
    tokenHash: createHash('sha256').update(String(jti)).digest(),
    // The library cuts fractions of seconds off the clock, so a fraction in exp must not shorten this.
    expiresAt: new Date((Math.ceil(expires) + LEEWAY_SECONDS) * 1000),
  };
}

/** Compared exactly and never shown. Control characters and halves of characters are what PostgreSQL cannot store. */
function isId(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MAX_CLAIM_LENGTH) return false;
  return value.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
