import { type RatioOf, ratiosOf, type Round, type Spread, spreadOf } from './arithmetic';

/** One line of the table of promises, or one of the figures in it where it has several. */
export interface Promised {
  /** The name that `--row` takes and the JSON line tells. */
  readonly row: string;
  readonly figure: string;
  readonly rival: string;
  readonly unit: string;
  /** The ratio that is told; the promise is about it unless `about` says otherwise. */
  readonly ratioOf: RatioOf;
  readonly about: 'RATIO' | 'OURS';
  readonly bound: 'AT_LEAST' | 'AT_MOST' | 'EXACTLY';
  readonly promise: number;
  /** What fails the run, and CI with it. */
  readonly floor: number;
}

const cheaper = { ratioOf: 'RIVAL_BY_OURS', about: 'RATIO', bound: 'AT_LEAST' } as const;
const more = { ratioOf: 'OURS_BY_RIVAL', about: 'RATIO', bound: 'AT_LEAST' } as const;
const atMost = { ratioOf: 'OURS_BY_RIVAL', about: 'RATIO', bound: 'AT_MOST' } as const;
const CPU = 'CPU µs a delivery';
const endToEnd = (dashboards: number, promise: number, floor: number): Promised => ({
  row: `end-to-end-${dashboards}`,
  figure: `64 senders over HTTP to ${dashboards === 1 ? 'one dashboard' : `all of ${dashboards} dashboards`}`,
  rival: 'textbook',
  unit: 'messages/s',
  ...more,
  promise,
  floor,
});

export const PROMISES: readonly Promised[] = [
  {
    row: 'fan-out-textbook',
    figure: 'one event to 1000 dashboards',
    rival: 'textbook',
    unit: CPU,
    ...cheaper,
    promise: 8,
    floor: 5,
  },
  {
    row: 'fan-out-ws',
    figure: 'one event to 1000 dashboards',
    rival: 'ws.send(string)',
    unit: CPU,
    ...atMost,
    promise: 0.9,
    floor: 1.2,
  },
  {
    row: 'burst',
    figure: '16 events at once to 1000 dashboards',
    rival: 'textbook',
    unit: CPU,
    ...cheaper,
    promise: 40,
    floor: 20,
  },
  {
    row: 'sustained',
    figure: 'the most with p99 < 100 ms, against all that the textbook can do',
    rival: 'textbook',
    unit: 'deliveries/s',
    ...more,
    promise: 60,
    floor: 25,
  },
  {
    row: 'stall',
    figure: 'longest stall of the event loop by one event to all sockets',
    rival: 'textbook',
    unit: 'ms',
    ratioOf: 'OURS_BY_RIVAL',
    about: 'OURS',
    bound: 'AT_MOST',
    promise: 15,
    floor: 40,
  },
  {
    row: 'executions',
    figure: 'executions an event, against the number of groups',
    rival: 'groups',
    unit: 'executions',
    ratioOf: 'OURS_BY_RIVAL',
    about: 'RATIO',
    bound: 'EXACTLY',
    promise: 1,
    floor: 1,
  },
  {
    row: 'statements',
    figure: 'statements an event with all dashboards, against a tenth of them',
    rival: 'a tenth of the dashboards',
    unit: 'statements',
    ratioOf: 'OURS_BY_RIVAL',
    about: 'RATIO',
    bound: 'AT_MOST',
    // Timers of the server send a statement now and then: over 16 events that is less than a tenth.
    promise: 1.1,
    floor: 1.1,
  },
  {
    row: 'memory',
    figure: 'an idle subscribed socket',
    rival: 'textbook',
    unit: 'resident KiB',
    ...atMost,
    promise: 1 / 2,
    floor: 2 / 3,
  },
  {
    row: 'commit-many',
    figure: '64 senders, many conversations',
    rival: 'one statement',
    unit: 'commits/s',
    ...more,
    promise: 1.5,
    floor: 1,
  },
  {
    row: 'commit-one',
    figure: '64 senders, one conversation',
    rival: 'one statement',
    unit: 'commits/s',
    ...more,
    promise: 8,
    floor: 4,
  },
  {
    row: 'send-http',
    figure: 'sendMessage over HTTP, 64 senders',
    rival: 'textbook',
    unit: 'requests/s',
    ...more,
    promise: 10,
    floor: 5,
  },
  {
    row: 'inbox',
    figure: 'inbox of 50 in the largest organization, p50',
    rival: 'one statement',
    unit: 'ms',
    ...atMost,
    promise: 2,
    floor: 3,
  },
  {
    row: 'inbox-flat',
    figure: 'inbox of 50, p50: the largest organization against one of 10 thousand',
    rival: 'itself at 10 thousand',
    unit: 'ms',
    ...atMost,
    // "Flat" as a number: pairs of runs on a shared machine wander by 15 to 40 %.
    promise: 1.4,
    floor: 3,
  },
  {
    row: 'nested',
    figure: 'nested query of 50 rows',
    rival: 'Apollo with its defaults',
    unit: 'CPU µs a request',
    ...cheaper,
    promise: 3,
    floor: 2,
  },
  endToEnd(1, 15, 8),
  endToEnd(50, 35, 20),
  endToEnd(500, 90, 50),
];

/** What a row measured: the figures of each round, and what a reader has to know beside them. */
export interface Measured {
  readonly rounds: readonly Round[];
  readonly notes: readonly string[];
  /** Other servers that were measured in the same rounds, by name. */
  readonly others?: Readonly<Record<string, readonly number[]>>;
}

export type Outcome =
  | { readonly promised: Promised; readonly measured: Measured }
  /** It could not be measured: the promise then does not hold, and no number is told. */
  | { readonly promised: Promised; readonly failure: string };

export interface Verdict {
  readonly ours: Spread;
  readonly rival: Spread;
  readonly ratio: Spread;
  readonly holds: boolean;
  readonly breaksFloor: boolean;
}

/** Null when there is nothing to judge. */
export function verdictOf(outcome: Outcome): Verdict | null {
  if ('failure' in outcome) return null;
  const { promised, measured } = outcome;
  const ours = spreadOf(measured.rounds.map((round) => round.ours));
  const ratio = spreadOf(ratiosOf(measured.rounds, promised.ratioOf));
  const judged = promised.about === 'RATIO' ? ratio : ours;
  return {
    ours,
    rival: spreadOf(measured.rounds.map((round) => round.rival)),
    ratio,
    holds: isWithin(promised.bound, judged, promised.promise),
    breaksFloor: !isWithin(promised.bound, judged, promised.floor),
  };
}

/** What is counted and not timed has to be right in every round. */
function isWithin(bound: Promised['bound'], { median, least, most }: Spread, limit: number): boolean {
  switch (bound) {
    case 'AT_LEAST':
      return median >= limit;
    case 'AT_MOST':
      return median <= limit;
    case 'EXACTLY':
      return least === limit && most === limit;
  }
}

/** As the tables write it: `≥ 8 ×`, `≤ 15 ms`, `= 1 ×`. */
export function boundText(promised: Promised, limit: number): string {
  const sign = { AT_LEAST: '≥', AT_MOST: '≤', EXACTLY: '=' }[promised.bound];
  return `${sign} ${Number(limit.toFixed(2))} ${promised.about === 'RATIO' ? '×' : promised.unit}`;
}
