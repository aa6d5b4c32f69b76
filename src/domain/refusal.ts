/** Stable codes of expected refusals; the same names as `UserErrorCode` in the schema. */
export type RefusalCode =
  | 'INVALID'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'LIMIT_EXCEEDED'
  | 'UNSAFE_URL'
  | 'IDEMPOTENCY_MISMATCH'
  | 'INVALID_CREDENTIALS'
  | 'TOKEN_EXPIRED'
  | 'ALREADY_CLAIMED'
  | 'OPERATOR_UNAVAILABLE'
  | 'STALE_CONTROL_EPOCH'
  | 'STALE_VERSION'
  | 'INVALID_TRANSITION'
  | 'HANDOFF_NOT_OFFERED'
  | 'AGENT_NOT_IN_ORGANIZATION'
  | 'NO_PUSH_SUBSCRIPTION'
  | 'MAIL_NOT_CONFIGURED'
  | 'NO_MAIL_ADDRESS';

/** An expected "no": `message` may be shown to a person, `path` leads from the mutation's `input` to the field at fault. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly path: readonly string[];
}

export function refusal(code: RefusalCode, message: string, ...path: string[]): Refusal {
  return { code, message, path };
}

/** The one answer for what does not exist and for what the caller may not see: the two are never told apart. */
export function notFound(noun: string, ...path: string[]): Refusal {
  return refusal('NOT_FOUND', `There is no such ${noun}, or you may not see it. Check the id.`, ...path);
}

export function forbidden(message: string, ...path: string[]): Refusal {
  return refusal('FORBIDDEN', message, ...path);
}

/** What a command returns: its value, or why not. A refusal may carry the state that explains it in `value`. */
export interface Outcome<Value> {
  readonly value: Value | null;
  readonly refusals: readonly Refusal[];
}

export function done<Value>(value: Value): Outcome<Value> {
  return { value, refusals: [] };
}

export function refused<Value>(reason: Refusal | readonly Refusal[], value: Value | null = null): Outcome<Value> {
  return { value, refusals: Array.isArray(reason) ? (reason as readonly Refusal[]) : [reason as Refusal] };
}
