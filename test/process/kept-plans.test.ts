import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { SERVER } from '../../src/database/scope';
import { withinPrepared } from '../../src/database/prepared';
import { requireKeptPlans } from '../../src/process/require-kept-plans';
import { describeWithPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function withSource<Result>(
  url: string,
  keepsPlans: boolean,
  work: (source: DataSource) => Promise<Result>,
): Promise<Result> {
  const source = createDataSource({ url, poolSize: 4, keepsPlans, applicationName: 'baton-test' });
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

const ANSWER = { name: 'answer', text: 'select $1::int as answer' };

/** As many at once, so that a pooler has to mix them. */
const answers = (source: DataSource): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      withinPrepared(source, SERVER, (ask) => ask<{ answer: number }>(ANSWER, [at])),
    ),
  );
const EXPECTED = Array.from({ length: 40 }, (_, at) => [{ answer: at }]);

describe('statements that are prepared', () => {
  it('are known to the connection the next time', async () => {
    await withSource(database.applicationUrl, true, async (source) => {
      await requireKeptPlans(source);
      expect(await answers(source)).toEqual(EXPECTED);
      const [row] = await withinPrepared(source, SERVER, (ask) =>
        ask<{ name: string }>(
          { name: 'names', text: `select string_agg(name, ',') as name from pg_prepared_statements` },
          [],
        ),
      );
      expect(row?.name).toMatch(/\banswer baton_server\b/);
    });
  });

  it('are not prepared where that is turned off', async () => {
    await withSource(database.applicationUrl, false, async (source) => {
      await requireKeptPlans(source);
      expect(await answers(source)).toEqual(EXPECTED);
      const rows = await source.query<unknown[]>('select name from pg_prepared_statements');
      expect(rows).toEqual([]);
    });
  });
});

describeWithPgBouncer('a pooler that loses prepared statements', () => {
  let bouncer: PgBouncer;
  beforeAll(async () => {
    bouncer = await startPgBouncer(database.applicationUrl);
  });
  afterAll(() => bouncer.stop());

  it('is refused at the start, with what to do', async () => {
    await withSource(bouncer.url, true, async (source) => {
      await expect(requireKeptPlans(source)).rejects.toThrow(/Set DATABASE_PREPARED=off/);
      // What it was asked on is left as it was found.
      expect(await source.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  it('is good enough where nothing is prepared', async () => {
    await withSource(bouncer.url, false, async (source) => {
      await requireKeptPlans(source);
      expect(await answers(source)).toEqual(EXPECTED);
    });
  });
});
