import type * as Graphql from 'graphql';
import type * as Pg from 'pg';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answerQuestions } from '../stage/questions';

// Loaded with --require into every process that is measured, ours as well as rivals, so that all are measured in the
// same way and no source has to know of a benchmark.

const delays = monitorEventLoopDelay({ resolution: 1 });
let executions = 0;
let statements = 0;

answerQuestions({
  /** User and system time of the whole process so far, in µs. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Resident bytes after a collection (`--expose-gc`), of everything that can be given back. */
  resident: async () => {
    for (let time = 0; time < 4; time += 1) {
      (globalThis as { gc?: () => void }).gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return process.memoryUsage.rss();
  },
  watchDelay: () => {
    delays.enable();
    delays.reset();
  },
  /** The longest time since `watchDelay` for which a timer of 1 ms came late, in ms. */
  longestDelay: async () => {
    // Asked in the turn of the loop in which a stall ends, the late timer itself has not been counted yet.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const longest = delays.max / 1e6;
    delays.disable();
    return longest;
  },
  counts: () => ({ executions, statements }),
});
// The channel alone must not keep a server alive that wants to end.
process.channel?.unref();

// Asked for by a flag of node: only what is counted shall pay for the counting.
if (process.execArgv.includes('--title=count')) {
  countExecutions();
  countStatements();
}

/**
 * An execution of the benchmark's document serialises one DateTime, whichever engine runs it. Scalars put their
 * `serialize` on themselves when they are made, which a setter on the prototype sees.
 */
function countExecutions(): void {
  const { GraphQLScalarType } = required('graphql') as typeof Graphql;
  type Serialize = (value: unknown) => unknown;
  const own = new WeakMap<object, Serialize>();
  Object.defineProperty(GraphQLScalarType.prototype, 'serialize', {
    configurable: true,
    get(this: object) {
      return own.get(this);
    },
    set(this: { name: string }, serialize: Serialize) {
      const counted: Serialize = (value) => {
        executions += 1;
        return serialize(value);
      };
      own.set(this, this.name === 'DateTime' ? counted : serialize);
    },
  });
}

/** Everything that is sent to PostgreSQL passes through this method. */
function countStatements(): void {
  const { Client } = required('pg') as typeof Pg;
  const prototype = Client.prototype as unknown as { query: (...parameters: unknown[]) => unknown };
  const query = prototype.query;
  prototype.query = function counting(this: unknown, ...parameters: unknown[]): unknown {
    statements += 1;
    return Reflect.apply(query, this, parameters);
  };
}

/** Only where it is counted: loading a library into a rival that does not use it would cost it memory. */
function required(name: string): unknown {
  return createRequire(join(__dirname, 'probe.js'))(name);
}
