/** What is read at the moment of a scrape. Whoever has the numbers counts for itself and knows nothing of Prometheus. */

/** The open streams of an API process. What ends in a plural noun is now; the others have been counted since the start. */
export interface StreamFigures {
  readonly sockets: number;
  /** Subscriptions that are executed together. */
  readonly groups: number;
  /** Subscriptions. */
  readonly members: number;
  readonly executions: number;
  /** Frames of events handed to sockets. */
  readonly deliveries: number;
  /** Streams that began after a cursor. */
  readonly replays: number;
  /** Sockets closed with 4008. */
  readonly slowClosed: number;
}

export interface AdmissionFigures {
  /** Sockets that have said who they are, and wait to be believed. */
  readonly authentications: number;
  /** Reads of streams that begin or resume, and wait for their turn. */
  readonly joins: number;
}

export interface PoolFigures {
  readonly total: number;
  readonly idle: number;
  /** Transactions that wait for a connection. */
  readonly waiting: number;
  /** The most that it opens. */
  readonly size: number;
}

/** Where the event log stands, and how far behind it this process is. */
export interface LogFigures {
  readonly top: number;
  readonly lagEvents: number;
  /** Age of the oldest event that this process has not seen; 0 when it has seen all. */
  readonly lagSeconds: number;
  /** Committed, and not in the log yet; at most 10,001. */
  readonly outboxEvents: number;
  readonly outboxSeconds: number;
}

export interface QueueDepth {
  readonly queue: string;
  readonly state: string;
  readonly jobs: number;
}
