import { Socket } from 'node:net';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import { withinPrepared } from '../../src/database/prepared';
import { read, type Scope, within } from '../../src/database/scope';
import { describeWithPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld } from '../support/world';

let database: TestDatabase;
let workspaceIds: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  const superuser = await open(database.url, 2);
  workspaceIds = [(await createWorld(superuser)).workspace.id, (await createWorld(superuser)).workspace.id];
  await superuser.destroy();
});
afterAll(() => database.drop());

async function open(url: string, poolSize: number): Promise<DataSource> {
  const source = createDataSource({ url, poolSize, applicationName: 'baton-test' });
  return source.initialize();
}

async function withSource(url: string, poolSize: number, work: (source: DataSource) => Promise<void>): Promise<void> {
  const source = await open(url, poolSize);
  try {
    await work(source);
  } finally {
    await source.destroy();
  }
}

const scopeOf = (index: number): Scope => ({ workspaceId: workspaceIds[index % 2]! });

/** The one workspace that a scope shows, without any condition. */
async function visible(source: DataSource, scope: Scope): Promise<string[]> {
  const rows = await read(source, scope, (manager) => manager.query<{ id: string }[]>('select id from workspaces'));
  return rows.map(({ id }) => id);
}

/** What is left on a connection once its transaction is over. */
async function leftovers(source: DataSource): Promise<unknown> {
  const [row] = await source.query<unknown[]>(
    `select current_user <> session_user as "hasRole", coalesce(current_setting('baton.workspace_id', true), '') as workspace,
       current_setting('statement_timeout') as timeout`,
  );
  return row;
}

const NOTHING = { hasRole: false, workspace: '', timeout: '0' };

describe('a transaction', () => {
  it('sends what it asks together in one write, its beginning along with it', async () => {
    await withSource(database.applicationUrl, 1, async (source) => {
      await visible(source, scopeOf(0));
      const writes = [jest.spyOn(Socket.prototype, '_write'), jest.spyOn(Socket.prototype, '_writev' as never)];
      const answers = await withinPrepared(source, scopeOf(0), async (ask) =>
        Promise.all(['one', 'two', 'three'].map((name, at) => ask({ name, text: `select ${at} as n` }, []))),
      );
      const count = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      for (const spy of writes) spy.mockRestore();
      expect(answers).toEqual([[{ n: 0 }], [{ n: 1 }], [{ n: 2 }]]);
      // The questions, and the commit that waits for their answers.
      expect(count).toBe(2);
    });
  });
});

describe('a scope', () => {
  it('takes nothing but UUIDs: its text is SQL', async () => {
    await withSource(database.applicationUrl, 1, async (source) => {
      const scope = { workspaceId: `${workspaceIds[0]!}'; reset role; --` };
      await expect(visible(source, scope)).rejects.toThrow(/UUIDs alone/);
      await expect(visible(source, { workspaceId: workspaceIds[0]!, organizationId: "'" })).rejects.toThrow(/UUIDs/);
    });
  });

  it('is over with its transaction, on a pool of one connection, after a failure too', async () => {
    await withSource(database.applicationUrl, 1, async (source) => {
      const seen = await Promise.all([0, 1, 2, 3].map((index) => visible(source, scopeOf(index))));
      expect(seen).toEqual([0, 1, 2, 3].map((index) => [workspaceIds[index % 2]]));
      expect(await leftovers(source)).toEqual(NOTHING);
      await expect(within(source, scopeOf(0), (manager) => manager.query('select 1 / 0'))).rejects.toThrow(/zero/);
      expect(await leftovers(source)).toEqual(NOTHING);
      await expect(source.query('select from messages')).rejects.toThrow(/permission denied/);
    });
  });

  it('that only reads cannot write', async () => {
    await withSource(database.applicationUrl, 1, async (source) => {
      const write = read(source, scopeOf(0), (manager) => manager.query('update users set available = available'));
      await expect(write).rejects.toThrow(/read-only transaction/);
    });
  });

  it('ends a statement that hangs', async () => {
    await withSource(database.applicationUrl, 1, async (source) => {
      const [row] = await read(source, scopeOf(0), (manager) =>
        manager.query<unknown[]>(
          `select current_setting('statement_timeout') as one, current_setting('idle_in_transaction_session_timeout') as other`,
        ),
      );
      expect(row).toEqual({ one: '30s', other: '30s' });
    });
  });
});

describeWithPgBouncer('a scope behind PgBouncer in transaction mode', () => {
  let bouncer: PgBouncer;
  beforeAll(async () => {
    bouncer = await startPgBouncer(database.applicationUrl);
  });
  afterAll(() => bouncer.stop());

  it('is its transaction’s alone: 200 of two tenants at once, over two connections to PostgreSQL', async () => {
    await withSource(bouncer.url, 20, async (source) => {
      const indexes = Array.from({ length: 200 }, (_, index) => index);
      const seen = await Promise.all(indexes.map((index) => visible(source, scopeOf(index))));
      expect(seen).toEqual(indexes.map((index) => [workspaceIds[index % 2]]));
      expect(await leftovers(source)).toEqual(NOTHING);
      await expect(source.query('select from messages')).rejects.toThrow(/permission denied/);
    });
  });
});
