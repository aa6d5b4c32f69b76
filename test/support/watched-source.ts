import type { DataSource, QueryRunner } from 'typeorm';

/** The same pool, with something to happen before each statement that one of its transactions sends. */
export function watchedSource(source: DataSource, before: (sql: string) => void): DataSource {
  const createQueryRunner = (): QueryRunner => {
    const runner = source.createQueryRunner();
    const query = runner.query.bind(runner) as (...all: unknown[]) => Promise<unknown>;
    const watched = async (sql: string, ...rest: unknown[]): Promise<unknown> => {
      before(sql);
      return query(sql, ...rest);
    };
    return Object.assign(runner, { query: watched });
  };
  return { createQueryRunner } as unknown as DataSource;
}

/** A database that answers every question of a transaction with what `answer` gives. */
export function answeringSource(answer: () => Promise<unknown>): DataSource {
  const createQueryRunner = (): unknown => ({
    query: () => Promise.resolve([]),
    connect: () => Promise.resolve({ query: () => Promise.resolve([]) }),
    release: () => Promise.resolve(),
    manager: { query: answer },
  });
  return { createQueryRunner } as unknown as DataSource;
}
