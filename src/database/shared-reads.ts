import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { type Read, read, type Scope, SERVER } from './scope';

/** One read that waits for its turn. */
interface Job {
  readonly run: (manager: EntityManager) => Promise<void>;
  readonly fail: (reason: unknown) => void;
}

/** A transaction of more would keep its connection, and the time that `now()` tells in it, for too long. */
const MAX_JOBS = 50;

/**
 * Reads of one request that are asked for together, or one right after the other, share a transaction: a page with what
 * its rows lead to takes one connection, one `begin` and one `commit` instead of one of each for every loader. Each
 * statement still sees what is committed when it runs, and what was read is handed out before the commit, which has
 * nothing to keep. `work` must not wait for another read of the same request: it would wait for itself.
 */
export function shareReads(source: DataSource): (scope: Scope) => Read {
  const queues = new Map<string, Job[]>();
  return (scope) => (work) =>
    new Promise((resolve, reject) => {
      const job: Job = { run: (manager) => work(manager).then(resolve), fail: reject };
      const key = keyOf(scope);
      const waiting = queues.get(key);
      if (waiting !== undefined) {
        waiting.push(job);
        return;
      }
      const queue = [job];
      queues.set(key, queue);
      void runQueue(source, scope, queue, () => queues.delete(key));
    });
}

/** Until nothing waits any more, which `close` is told at that very moment. Never rejects: each job is told of its own failure. */
async function runQueue(source: DataSource, scope: Scope, queue: Job[], close: () => void): Promise<void> {
  while (queue.length > 0) {
    let current: Job | undefined;
    try {
      await read(source, scope, async (manager) => {
        for (let count = 0; count < MAX_JOBS; count += 1) {
          // What resolvers ask for next, now that they have what they asked for before.
          if (queue.length === 0) await nextTurn();
          current = queue.shift();
          if (current === undefined) return;
          await current.run(manager);
        }
      });
    } catch (error) {
      // A failed statement ends the transaction, and what waited behind it goes on in the next one. Without a
      // transaction there is nobody at work, and those who wait have waited for it as well.
      if (current !== undefined) current.fail(error);
      else for (const job of queue.splice(0)) job.fail(error);
    }
  }
  close();
}

function keyOf(scope: Scope): string {
  return scope === SERVER ? SERVER : `${scope.workspaceId}/${scope.organizationId ?? ''}`;
}
