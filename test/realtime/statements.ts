import type { DataSource } from 'typeorm';

/** What happens around each statement that a process sends, whichever way it takes; both are waited for. */
export interface StatementWatch {
  before?(sql: string): Promise<void> | void;
  after?(sql: string): Promise<void> | void;
}

type Query = (...args: unknown[]) => unknown;
interface PooledClient {
  query: Query;
}
interface Pool {
  on(event: 'connect', listener: (client: PooledClient) => void): void;
  readonly _clients: readonly PooledClient[];
}
type Callback = (...results: unknown[]) => void;

/**
 * Watches every statement that a pool sends from now on, on the connections that it has and will have. Statements of a
 * dispatcher's run are let by: holding one of them would hold its lock, and the log of all processes with it.
 *
 * @param watch asked each time, so that it may change
 */
export function watchStatements(source: DataSource, watch: () => StatementWatch): void {
  const pool = (source.driver as unknown as { master: Pool }).master;
  const wrap = (client: PooledClient): void => {
    const query: Query = client.query.bind(client);
    let isDispatching = false;
    // Statements are given to a connection before the answers to earlier ones are there: one that is held holds those behind it.
    let turn: Promise<unknown> = Promise.resolve();
    client.query = (...args) => {
      const [first] = args;
      const sql = typeof first === 'string' ? first : ((first as { text?: string }).text ?? '');
      if (/^begin/i.test(sql)) isDispatching = false;
      if (sql.includes('pg_advisory_xact_lock')) isDispatching = true;
      const { before, after } = isDispatching ? {} : watch();
      turn = turn.then(() => before?.(sql));
      const callback = args.at(-1);
      if (typeof callback !== 'function') {
        return turn.then(async () => {
          const result = await query(...args);
          await after?.(sql);
          return result;
        });
      }
      const later: Callback = (...results) => void run(after, sql, () => (callback as Callback)(...results));
      void turn.then(() => query(...args.slice(0, -1), later));
      return undefined;
    };
  };
  for (const client of pool._clients) wrap(client);
  pool.on('connect', wrap);
}

async function run(hook: StatementWatch['before'], sql: string, then: () => unknown): Promise<void> {
  await hook?.(sql);
  then();
}

/** Holds one statement of those that come, the `n`th (from 1), before it is sent or before its answer is told. */
export class StatementGate {
  private seen = 0;
  private open: () => void = () => undefined;
  private reach: (sql: string) => void = () => undefined;
  /** Resolves with the statement once it is held. */
  readonly reached: Promise<string> = new Promise((resolve) => (this.reach = resolve));
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  readonly watch: StatementWatch;

  constructor(n: number, when: 'before' | 'after') {
    const hold = async (sql: string): Promise<void> => {
      this.seen += 1;
      if (this.seen !== n) return;
      this.reach(sql);
      await this.opened;
    };
    this.watch = { [when]: hold };
  }

  release(): void {
    this.open();
  }
}
