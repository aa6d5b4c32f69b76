import { decodePublicId, type PublicIdType } from '../domain/public-id';
import { notFound, type Outcome, type Refusal } from '../domain/refusal';
import { UserError } from '../schema/user-error';

/** An id in the input that is none: answered like an id that names nothing. */
export class RefusedInput extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

const NOUNS: Partial<Record<PublicIdType, string>> = {
  apiKey: 'API key',
  cannedAnswer: 'canned answer',
  pushSubscription: 'push subscription',
};

/** The UUID behind an id of the input. Throws RefusedInput, which `answer` turns into a user error. */
export function inputId(type: PublicIdType, value: string, ...path: string[]): string {
  const uuid = decodePublicId(type, value);
  if (uuid === null) throw new RefusedInput(notFound(NOUNS[type] ?? type, ...path));
  return uuid;
}

/** The same for an id that may be left out (undefined) or cleared (null). */
export function optionalInputId<Value extends string | null | undefined>(
  type: PublicIdType,
  value: Value,
  ...path: string[]
): string | Exclude<Value, string> {
  return typeof value === 'string' ? inputId(type, value, ...path) : (value as Exclude<Value, string>);
}

export function inputIds(
  type: PublicIdType,
  values: readonly string[] | null | undefined,
  ...path: string[]
): string[] | null | undefined {
  return values === null ? null : values?.map((value, index) => inputId(type, value, ...path, String(index)));
}

/**
 * Runs a command and makes its payload: `present` is asked with the command's value, which a refusal may carry too
 * (the winner's handoff beside ALREADY_CLAIMED), or with null.
 */
export async function answer<Value, Payload extends object>(
  run: () => Promise<Outcome<Value>>,
  present: (value: Value | null) => Payload | Promise<Payload>,
): Promise<Payload & { userErrors: UserError[] }> {
  const outcome = await settle(run);
  return { ...(await present(outcome.value)), userErrors: outcome.refusals.map(presentUserError) };
}

async function settle<Value>(run: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RefusedInput) return { value: null, refusals: [error.refusal] };
    throw error;
  }
}

function presentUserError(refusal: Refusal): UserError {
  return Object.assign(new UserError(), { code: refusal.code, message: refusal.message, path: [...refusal.path] });
}
