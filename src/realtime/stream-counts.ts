/** What the groups of a process have done since it started. Plain numbers: whoever watches reads them when asked. */
export interface StreamCounts {
  /** Executions of a subscription's selection: one a group and event, whoever many listen. */
  executions: number;
  /** Events handed to sockets. */
  deliveries: number;
  /** Writes to sockets; fewer than deliveries where events came together. */
  writes: number;
  /** Streams that began after a cursor and got all that was missed. */
  replays: number;
  /** Sockets closed because their reader was too slow. */
  slowClosed: number;
}

export function newStreamCounts(): StreamCounts {
  return { executions: 0, deliveries: 0, writes: 0, replays: 0, slowClosed: 0 };
}
