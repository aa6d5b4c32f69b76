import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { type Read, read, type Scope, SERVER } from './scope';
import { sqlStateOf } from './transact';

/** One read that waits for its turn. */
interface Job {
  readonly run: (manager: EntityManager) => Promise<void>;
  readonly fail: (reason: unknown) => void;
}

/** A transaction of more would keep its connection, and the time that `now()` tells in it, for too long. */
const MAX_JOBS = 50;
const IN_FAILED_TRANSACTION = '25P02';

/**
 * Reads of one request that are asked for together, or one right after the other, share a transaction: a page with what
 * its rows lead to takes one connection, one `begin` and one `commit` instead of one of each for every loader. Those that
 * wait together go together, without waiting for each other's answers: a round trip instead of one for each. Each
 * statement still sees what is committed when it runs, and what was read is handed out before the commit, which has
 * nothing to keep. `work` must not wait for another read of the same request: it would wait for itself.
 */
export function shareReads(source: DataSource): (scope: Scope) => Read {
  // None while nothing waits: each subscription has one of these for as long as it lasts.
  let queues: Map<string, Job[]> | null = null;
  return (scope) => (work) =>
    new Promise((resolve, reject) => {
      const job: Job = { run: (manager) => work(manager).then(resolve), fail: reject };
      const key = keyOf(scope);
      const waiting = queues?.get(key);
      if (waiting !== undefined) {
        waiting.push(job);
        return;
      }
      const queue = [job];
      queues = (queues ?? new Map<string, Job[]>()).set(key, queue);
      void runQueue(source, scope, queue, () => {
        queues?.delete(key);
        if (queues?.size === 0) queues = null;
      });
    });
}

/** Until nothing waits any more, which `close` is told at that very moment. Never rejects: each job is told of its own failure. */
async function runQueue(source: DataSource, scope: Scope, queue: Job[], close: () => void): Promise<void> {
  while (queue.length > 0) {
    let together: readonly Job[] = [];
    try {
      await read(source, scope, async (manager) => {
        for (let count = 0; count < MAX_JOBS; count += together.length) {
          // What resolvers ask for next, now that they have what they asked for before.
          if (queue.length === 0) await nextTurn();
          together = queue.splice(0);
          if (together.length === 0) return;
          await runTogether(manager, together, queue);
        }
      });
    } catch (error) {
      if (error instanceof TransactionEnded) continue;
      // Without a transaction there is nobody at work, and those who wait have waited for it as well.
      for (const job of together.length > 0 ? together : queue.splice(0)) job.fail(error);
    }
  }
  close();
}

/** A failed statement ends the transaction: those behind it have failed for nothing of their own, and go on in the next one. */
class TransactionEnded extends Error {}

async function runTogether(manager: EntityManager, jobs: readonly Job[], queue: Job[]): Promise<void> {
  const results = await Promise.allSettled(jobs.map((job) => job.run(manager)));
  const failed = results.flatMap((result, at) => {
    const job = jobs[at];
    return job === undefined || result.status === 'fulfilled' ? [] : [{ job, reason: result.reason as unknown }];
  });
  const [first] = failed;
  if (first === undefined) return;
  const guilty = failed.filter(({ reason }) => sqlStateOf(reason) !== IN_FAILED_TRANSACTION);
  // It had never begun.
  if (guilty.length === 0) throw first.reason;
  for (const { job, reason } of guilty) job.fail(reason);
  queue.unshift(...failed.filter((one) => !guilty.includes(one)).map(({ job }) => job));
  throw new TransactionEnded();
}

function keyOf(scope: Scope): string {
  return scope === SERVER ? SERVER : `${scope.workspaceId}/${scope.organizationId ?? ''}`;
}
