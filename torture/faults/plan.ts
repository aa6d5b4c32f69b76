import type { Chance } from '../random';

export type FaultKind =
  | 'kill-api'
  | 'kill-worker'
  | 'pause-api'
  | 'pause-worker'
  | 'roll-api'
  | 'roll-worker'
  | 'crash-postgres'
  | 'flush-redis'
  | 'crash-redis'
  | 'cut'
  | 'black-hole'
  | 'delay'
  | 'half-close';

/** What is going to happen. Everything in it is chosen ahead of the run: the same seed plans the same faults. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the start of the run. */
  readonly atMs: number;
  /** How long it lasts, or how long what was killed stays away. */
  readonly forMs: number;
  /** Which process or link it hits: as many as there are, counted round. */
  readonly index: number;
  /** Of a half-close: which way. Of a black hole: whether its end cuts what waits in it. */
  readonly isOther: boolean;
}

export interface PlanOptions {
  readonly durationMs: number;
  readonly hasRedis: boolean;
}

/** How often each of them is chosen, among all. */
const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  'kill-api': 7,
  'kill-worker': 6,
  'pause-api': 6,
  'pause-worker': 6,
  'roll-api': 5,
  'roll-worker': 4,
  'crash-postgres': 3,
  'flush-redis': 4,
  'crash-redis': 4,
  cut: 22,
  'black-hole': 14,
  delay: 10,
  'half-close': 9,
};

/** Clients come first; and nothing begins so late that the run would end on it. */
const QUIET_START_MS = 2_000;
const QUIET_END_MS = 6_000;
/** A queue gives the job of a dead worker to another one after 30 to 45 s: later ones would only make the end longer. */
const LAST_WORKER_LOSS_MS = 15_000;
const LOSES_WORKER: readonly FaultKind[] = ['kill-worker', 'pause-worker'];

/** Faults one after the other, about one a second, which overlap where they last. */
export function planFaults(chance: Chance, { durationMs, hasRedis }: PlanOptions): PlannedFault[] {
  const plan: PlannedFault[] = [];
  const weights = hasRedis ? WEIGHTS : { ...WEIGHTS, 'flush-redis': 0, 'crash-redis': 0 };
  let atMs = QUIET_START_MS;
  while (atMs < durationMs - QUIET_END_MS) {
    const kind = chance.weighted(weights);
    const fault = {
      kind,
      atMs,
      forMs: durationOf(kind, chance),
      index: chance.between(0, 999),
      isOther: chance.happens(0.5),
    };
    if (!LOSES_WORKER.includes(kind) || atMs < durationMs - LAST_WORKER_LOSS_MS) plan.push(fault);
    atMs += chance.between(300, 1900);
  }
  return plan;
}

function durationOf(kind: FaultKind, chance: Chance): number {
  switch (kind) {
    case 'cut':
    case 'half-close':
    case 'flush-redis':
    case 'roll-api':
    case 'roll-worker':
      return 0;
    case 'kill-api':
    case 'kill-worker':
    case 'crash-postgres':
    case 'crash-redis':
      return chance.between(0, 1500);
    case 'pause-api':
    case 'pause-worker':
    case 'black-hole':
      // Mostly shorter than every timeout, and now and then longer than most of them.
      return chance.happens(0.15) ? chance.between(6_000, 14_000) : chance.between(300, 4_000);
    case 'delay':
      return chance.between(1_000, 5_000);
  }
}
