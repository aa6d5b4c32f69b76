import { parseArgs } from 'node:util';
import type { Family } from './rows/family';

export interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  /** A row or a family; null: all. */
  readonly row: string | null;
}

export const USAGE = `npm run bench [-- options]
  --quick      smaller figures in under 8 minutes, as CI runs it
  --json       one JSON line a row on standard output, and nothing else there
  --row NAME   one row alone, or one family of them`;

/** Null when they are not understood. */
export function readOptions(parameters: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, row: { type: 'string' } },
    });
    return { quick: values.quick ?? false, json: values.json ?? false, row: values.row ?? null };
  } catch {
    return null;
  }
}

/** The families to run and the rows of them to tell; none when there is no such row. */
export function chosenRows(
  families: readonly Family[],
  row: string | null,
): { family: Family; rows: readonly string[] }[] {
  return families
    .map((family) => ({
      family,
      rows: family.rows.filter((name) => row === null || row === family.name || row === name),
    }))
    .filter(({ rows }) => rows.length > 0);
}
