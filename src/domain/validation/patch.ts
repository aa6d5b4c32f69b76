import { type Refusal, refusal } from '../refusal';

/** Looks at one value; `path` leads to it inside the input. An empty list means it is fine. */
export type Check<Value> = (value: Value, ...path: string[]) => Refusal[];

/** Checks a value that may be missing: neither left out nor null is a mistake here. */
export function whenSet<Value>(value: Value | null | undefined, check: Check<Value>, ...path: string[]): Refusal[] {
  return value === null || value === undefined ? [] : check(value, ...path);
}

/** Left out means "leave it as it is"; null would mean "clear it", which these fields cannot be. */
export function refuseNulls<Patch extends object>(
  patch: Patch,
  fields: readonly (keyof Patch & string)[],
  ...path: string[]
): Refusal[] {
  return fields
    .filter((field) => patch[field] === null)
    .map((field) => refusal('INVALID', 'This cannot be null. Leave it out to keep what it is.', ...path, field));
}

/** A value and the flag that clears it say opposite things. */
export function refuseBoth<Patch extends object>(
  patch: Patch,
  field: keyof Patch & string,
  flag: keyof Patch & string,
): Refusal[] {
  if (patch[flag] !== true || patch[field] === null || patch[field] === undefined) return [];
  return [refusal('INVALID', `Either set \`${field}\` or clear it.`, flag)];
}

/** The patch without what was left out, so that it can be laid over a row. */
export function givenValues<Patch extends object>(patch: Patch): Partial<Patch> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Patch>;
}
