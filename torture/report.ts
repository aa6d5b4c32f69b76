import type { Breach } from './history/history';
import type { Result } from './history/recorder';

/** What a run tells. */
export interface Report {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, Readonly<Record<Result, number>>>>;
  readonly breaches: readonly Breach[];
}

/** What a run has left behind. */
export interface Sizes {
  readonly messages: number;
  /** Sent with messages. */
  readonly files: number;
  readonly notes: number;
  /** Rungs on which people were told behind the first one of a request. */
  readonly climbs: number;
  readonly events: number;
}

export interface Circumstances extends Sizes {
  readonly seconds: number;
  readonly quietSeconds: number;
  readonly withRedis: boolean;
  readonly clients: number;
}

/** For a person: what was done to it, what it did, and what it broke. */
export function tableOf(report: Report, circumstances: Circumstances): string {
  const { seconds, quietSeconds, withRedis, clients, messages, events, notes, files, climbs } = circumstances;
  const faults = sortedEntries(report.faults);
  const operations = sortedEntries(report.operations);
  return [
    `Torture with seed ${report.seed}: ${clients} clients, 3 API and 2 worker processes, PostgreSQL${withRedis ? ' and Redis' : ''}.`,
    `${seconds} s under faults, ${quietSeconds} s until everything had settled; ${messages} messages, ${files} files, ${notes} notes, ${climbs} climbs, ${events} events.`,
    '',
    ...columns([['FAULTS INJECTED', ''], ...faults.map(([kind, count]) => [kind, String(count)])]),
    '',
    ...columns([
      ['OPERATIONS', 'ok', 'refused', 'failed'],
      ...operations.map(([kind, { ok, refused, failed }]) => [kind, String(ok), String(refused), String(failed)]),
    ]),
    '',
    `BREACHES  ${report.breaches.length}`,
    ...report.breaches.map(({ kind, detail }) => `  ${kind}: ${detail}`),
  ].join('\n');
}

/** One line, for a machine. */
export function jsonOf(report: Report): string {
  const { seed, operations, faults, breaches } = report;
  return JSON.stringify({ seed, operations, faults, breaches });
}

function sortedEntries<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b));
}

/** Aligned: the first column to the left, numbers to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
      )
      .join('')
      .trimEnd(),
  );
}
