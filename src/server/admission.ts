/**
 * What keeps a crowd from using up the pool. A deployment, or a proxy that restarts, cuts thousands of sockets at once, and
 * all of them come back: to be authenticated, and to read what they have missed. See docs/adr/0027.
 */
export interface Admission {
  /** Where sockets that have said who they are wait to be believed. */
  readonly authentications: Turnstile;
  /** Where the reads of streams that begin or resume wait for their turn. */
  readonly joins: Turnstile;
  /** In how many seconds to come again with 503, or null: come in. */
  refusalOf(transport: 'http' | 'socket'): number | null;
}

export interface AdmissionOptions {
  readonly poolSize: number;
  /** Transactions that wait for a connection of the pool at this moment. */
  readonly poolWaiting: () => number;
  readonly onTurnedAway?: (transport: 'http' | 'socket') => void;
}

/** Of the pool, for each of the two: a fifth of it is always left to requests. */
const SHARE = 2 / 5;
/** For each place of a turnstile. One authentication is three round trips, so that whoever is let in waits for some 750 of them. */
const WAITING_FOR_A_PLACE = 250;
/** For each connection of the pool, far below the 10 s after which a wait for one is an error. */
const WAITING_FOR_A_CONNECTION = 50;
/** Whoever is turned away comes again after one to so many seconds, not all of them in the same one. */
const LONGEST_RETRY_SECONDS = 5;

export function createAdmission({ poolSize, poolWaiting, onTurnedAway }: AdmissionOptions): Admission {
  const places = Math.max(1, Math.floor(poolSize * SHARE));
  const authentications = new Turnstile(places);
  const joins = new Turnstile(places);
  const isCrowded = ({ waiting }: Turnstile): boolean => waiting >= places * WAITING_FOR_A_PLACE;
  return {
    authentications,
    joins,
    refusalOf: (transport) => {
      const isFull =
        poolWaiting() >= poolSize * WAITING_FOR_A_CONNECTION ||
        (transport === 'socket' && (isCrowded(authentications) || isCrowded(joins)));
      if (!isFull) return null;
      onTurnedAway?.(transport);
      return retryAfterSeconds();
    },
  };
}

/** For the header Retry-After, which has whole seconds. */
export function retryAfterSeconds(): number {
  return 1 + Math.floor(Math.random() * LONGEST_RETRY_SECONDS);
}

/** Lets so many in at the same time; the others wait in the order in which they came. Work inside must not come through again. */
export class Turnstile {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly places: number) {}

  get waiting(): number {
    return this.queue.length;
  }

  async through<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside < this.places) this.inside += 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      // The place is handed on: whoever comes in this very moment does not pass by those who wait.
      const next = this.queue.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
