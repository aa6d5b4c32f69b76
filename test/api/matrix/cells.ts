import type { Answer, Variables } from './ask';
import type { IdField } from './id-fields';
import type { Named, Objects } from './objects';
import { NOBODIES, type OutsiderName } from './outsiders';
import type { Row } from './row';
import { ROWS } from './rows';

/** An id of a field, with what is expected of it. */
export interface Place {
  /** As in `ROWS`. */
  readonly name: string;
  readonly path: string;
  readonly field: IdField;
  readonly row: Row;
}

/** What an outsider is told of an object: SEEN is a refusal that says more than that there is no such object. */
export type Verdict = 'UNAUTHENTICATED' | 'AS_MISSING' | 'SEEN' | 'FOUND';

/** All ids of the fields that have a row, in the order of the table. */
export function placesOf(fields: readonly IdField[]): Place[] {
  return Object.entries(ROWS).flatMap(([name, row]) => {
    const full = name.replace(/ \(.*$/, '');
    const field = fields.find((one) => one.idPaths.some((path) => `${one.name}.${path}` === full));
    return field === undefined ? [] : [{ name, path: full.slice(field.name.length + 1), field, row }];
  });
}

/** `id` at the place, and what is the caller's own wherever else an id is needed. A list is asked alone and mixed. */
export function variablesFor({ field, path, row }: Place, id: string, own: Objects): Variables[] {
  const base: Record<string, unknown> = structuredClone(field.variables);
  if (field.parent !== null) base.parent = own.ids[idOfParent(field.parent)];
  for (const other of field.idPaths) {
    const isNeeded = valueAt(base, other) !== undefined || row.with?.includes(other);
    const beside = ROWS[`${field.name}.${other}`];
    if (other !== path && isNeeded && beside !== undefined) setAt(base, other, own.ids[beside.named]);
  }
  const values = path.endsWith('Ids') || path.endsWith('.ids') ? [[id], [own.ids[row.named], id]] : [id];
  return values.map((value) => {
    const variables = structuredClone(base);
    setAt(variables, path, value);
    return variables;
  });
}

/** The answer without the id itself: what is left must not depend on which it was. */
export function answerWithout(id: string, answer: Answer): Answer {
  return JSON.parse(JSON.stringify(answer).replaceAll(id, '(the id)')) as Answer;
}

export function expectedOf({ row }: Place, outsider: OutsiderName): Verdict {
  if (NOBODIES.includes(outsider)) return 'UNAUTHENTICATED';
  if (row.found?.includes(outsider)) return 'FOUND';
  return row.seen?.includes(outsider) ? 'SEEN' : 'AS_MISSING';
}

export function verdictOf(answer: Answer, toMissing: Answer): Verdict {
  const codes = codesOf(answer);
  if (codes.includes('UNAUTHENTICATED')) return 'UNAUTHENTICATED';
  if (JSON.stringify(answer) === JSON.stringify(toMissing)) return 'AS_MISSING';
  return codes.some((code) => code === 'FORBIDDEN' || code === 'NOT_FOUND') ? 'SEEN' : 'FOUND';
}

/** Whether nothing was given, and nothing done. */
export function isRefusal(answer: Answer): boolean {
  return codesOf(answer).length > 0 || Object.values(answer.data ?? {}).every(isNothing);
}

/** Also an object whose one field that was asked for is null. */
function isNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null;
  return !Array.isArray(value) && Object.values(value).every((each) => each === null);
}

function codesOf({ errors = [], data }: Answer): string[] {
  const payloads = Object.values(data ?? {}) as ({ userErrors?: readonly { code: string }[] } | null)[];
  const refusals = payloads.flatMap((payload) => payload?.userErrors ?? []);
  return [...errors.map(({ extensions }) => String(extensions?.code)), ...refusals.map(({ code }) => code)];
}

function valueAt(object: Variables, path: string): unknown {
  return path.split('.').reduce<unknown>((at, step) => (at as Variables | undefined)?.[step], object);
}

function setAt(object: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) object[first] = value;
  else setAt((object[first] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}

function idOfParent(type: string): Named {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}` as Named;
}
