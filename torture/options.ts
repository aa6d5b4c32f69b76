import { parseArgs } from 'node:util';

export interface Options {
  readonly seed: number;
  readonly durationMs: number;
  /** Whether the last line is the report as JSON. */
  readonly json: boolean;
  /** Whether the folder with the logs of the processes stays. */
  readonly keep: boolean;
  /** Whether to do without a Redis that is installed. */
  readonly noRedis: boolean;
}

export const USAGE = `npm run torture -- [--seed N] [--minutes M] [--json] [--keep] [--no-redis]

  --seed N      the same choices of actors and faults again (timing is never the same); without it a new one, which is printed
  --minutes M   how long faults are injected, 0.2 to 600; 1 without it
  --json        the last line is { "seed", "operations", "faults", "breaches": [] }
  --keep        leaves the logs of the processes in a folder, and says where
  --no-redis    runs on PostgreSQL alone, also where there is a redis-server
It ends with exit code 1 when a promise was broken.`;

/** @throws Error with one line for whoever typed it */
export function optionsOf(parameters: readonly string[], newSeed: () => number): Options | 'HELP' {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'no-redis': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'HELP';
  const seed = values.seed === undefined ? newSeed() : Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new Error('--seed takes a whole number from 0 to 4294967295.');
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.2 && minutes <= 600)) throw new Error('--minutes takes a number from 0.2 to 600.');
  const { json, keep } = values;
  return { seed, durationMs: Math.round(minutes * 60_000), json, keep, noRedis: values['no-redis'] };
}
