import type { DataSource } from 'typeorm';
import { Client } from 'pg';
import { createDataSource } from '../../src/database/data-source';
import { migrateDatabase } from '../../src/database/migrate';
import { MIGRATIONS } from '../../src/database/migrations';
import { API_KEY_SCOPES } from '../../src/domain/actor';
import { ApiKey } from '../../src/entities/api-key';
import { Visitor } from '../../src/entities/visitor';
import { serverSecret } from '../../src/database/server-secrets';
import { testSecrets } from '../support/secrets';
import { createSecretBox } from '../../src/identity/secret-box';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld } from '../support/world';

/** Tables that are read and written by SQL alone. */
const WITHOUT_ENTITY = [
  'attachment_pieces',
  'event_consumers',
  'event_log',
  'events',
  'migrations',
  'outbox',
  'presences',
  'reply_addresses',
  'rate_limits',
  'used_identity_tokens',
  'server_secrets',
  'watches',
];

interface ColumnFacts {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly isArray: boolean;
}

const COLUMNS = `
  select c.relname as table_name, a.attname as column_name, not a.attnotnull as nullable,
    format_type(case when t.typelem <> 0 and t.typcategory = 'A' then t.typelem else t.oid end, null) as type,
    t.typcategory = 'A' as "isArray"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  order by 1, 2`;
const TYPE_NAMES: Record<string, string> = { timestamptz: 'timestamp with time zone' };

const VERIFIED = { isVerified: true, externalId: 'ana', resumeTokenHash: null };

const isThere = async (on: DataSource, name: string): Promise<boolean> =>
  (await on.query<unknown[]>('select from migrations where starts_with(name, $1)', [name])).length > 0;

let testDatabase: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  source = createDataSource({ url: testDatabase.url, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await testDatabase.drop();
});

const columnsOf = (): Promise<ColumnFacts[]> => source.query<ColumnFacts[]>(COLUMNS);

/** Everything that a migration makes: columns, constraints and indexes, as text. */
async function shape(): Promise<unknown> {
  const constraints = await source.query<unknown[]>(
    `select conrelid::regclass::text as on, conname as name, pg_get_constraintdef(oid) as is from pg_constraint
     where connamespace = 'public'::regnamespace order by 1, 2`,
  );
  const indexes = await source.query<unknown[]>(
    `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`,
  );
  return { columns: await columnsOf(), constraints, indexes };
}

describe('the entities and the migrated tables', () => {
  it('have the same columns: name, type, nullability, array', async () => {
    const tables = source.entityMetadatas.map((entity) => entity.tableName);
    const stored = (await columnsOf()).filter(({ table_name }) => tables.includes(table_name));
    const declared = source.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column): ColumnFacts => {
        const type = String(column.type);
        return {
          table_name: entity.tableName,
          column_name: column.databaseName,
          type: TYPE_NAMES[type] ?? type,
          nullable: column.isNullable,
          isArray: column.isArray,
        };
      }),
    );
    const sorted = (facts: ColumnFacts[]): string[] =>
      facts
        .map((fact) => [fact.table_name, fact.column_name, fact.type, fact.nullable, fact.isArray].join(' '))
        .sort((one, other) => (one < other ? -1 : 1));
    expect(declared.length).toBeGreaterThan(150);
    expect(sorted(declared)).toEqual(sorted(stored));
  });

  it('have the same primary keys', async () => {
    const keys = await source.query<{ table: string; columns: string[] }[]>(
      `select conrelid::regclass::text as "table", array(select attname::text from pg_attribute
         where attrelid = conrelid and attnum = any (conkey) order by 1) as columns
       from pg_constraint where contype = 'p' and connamespace = 'public'::regnamespace`,
    );
    const stored = new Map(keys.map(({ table, columns }) => [table, columns]));
    for (const entity of source.entityMetadatas) {
      expect(entity.primaryColumns.map((column) => column.databaseName).sort()).toEqual(stored.get(entity.tableName));
    }
  });

  it('cover every table, but for those that are used by SQL alone', async () => {
    const tables = new Set((await columnsOf()).map(({ table_name }) => table_name));
    const known = [...source.entityMetadatas.map((entity) => entity.tableName), ...WITHOUT_ENTITY];
    expect([...tables].sort()).toEqual(known.sort());
  });

  it('carry the workspace in every table of a tenant', async () => {
    const columns = await columnsOf();
    const global = ['event_consumers', 'event_log', 'migrations', 'rate_limits', 'server_secrets', 'workspaces'];
    const withWorkspace = columns.filter(({ column_name, nullable }) => column_name === 'workspace_id' && !nullable);
    const tables = [...new Set(columns.map(({ table_name }) => table_name))];
    expect(withWorkspace.map(({ table_name }) => table_name).sort()).toEqual(
      tables.filter((table) => !global.includes(table)).sort(),
    );
  });
});

describe('the migrations', () => {
  it('go down one by one to an empty schema, and up again to the same one', async () => {
    const before = await shape();
    for (const _migration of MIGRATIONS) await source.undoLastMigration({ transaction: 'each' });
    expect([...new Set((await columnsOf()).map(({ table_name }) => table_name))]).toEqual(['migrations']);
    await source.runMigrations({ transaction: 'each' });
    expect(await shape()).toEqual(before);
  });

  it('run by three processes at once run once', async () => {
    const before = await shape();
    for (const _migration of MIGRATIONS) await source.undoLastMigration({ transaction: 'each' });
    await Promise.all([1, 2, 3].map(() => migrateDatabase(testDatabase.url, testDatabase.applicationUrl)));
    expect(await shape()).toEqual(before);
    const rows = await source.query<{ name: string }[]>('select name from migrations order by id');
    expect(rows.map(({ name }) => name)).toEqual(MIGRATIONS.map((migration) => new migration().name));
  });

  it('run by the owner, whom row-level security shows no rows, reach the rows that are there all the same', async () => {
    const upgraded = await createTestDatabase();
    const [superuser, owner] = [upgraded.url, upgraded.ownerUrl].map((url) =>
      createDataSource({ url, poolSize: 2, applicationName: 'baton-test' }),
    ) as [DataSource, DataSource];
    await Promise.all([superuser.initialize(), owner.initialize()]);
    try {
      const world = await createWorld(superuser);
      const { staffKey, visitor } = world;
      await superuser.manager.update(Visitor, { id: visitor.id }, VERIFIED);
      // Back to where nothing was null, and forward again: a minute is what nobody has chosen.
      const { organization, operator, workspace } = world;
      const intervals = () =>
        superuser.query('select alert_interval_seconds as seconds from organizations order by id = $1', [
          organization.id,
        ]);
      await superuser.query('update organizations set alert_interval_seconds = 90 where id = $1', [organization.id]);
      await superuser.query('insert into notification_settings (user_id, workspace_id) values ($1, $2)', [
        operator.id,
        workspace.id,
      ]);
      while (await isThere(superuser, 'LayerSettings')) await owner.undoLastMigration({ transaction: 'each' });
      expect(await superuser.query('select channels, events from notification_settings')).toEqual([
        { channels: ['EMAIL'], events: 'REQUESTS_ONLY' },
      ]);
      expect(await intervals()).toEqual([{ seconds: 60 }, { seconds: 90 }]);
      await owner.runMigrations({ transaction: 'each' });
      expect(await intervals()).toEqual([{ seconds: null }, { seconds: 90 }]);
      // Back to where keys had no scopes and nobody vouched for visitors, and forward again.
      while (await isThere(superuser, 'VerifyVisitors')) await owner.undoLastMigration({ transaction: 'each' });
      expect(await superuser.query('select id from visitors where resume_token_hash is null')).toEqual([]);
      await owner.runMigrations({ transaction: 'each' });
      const key = await superuser.manager.findOneByOrFail(ApiKey, { id: staffKey.id });
      expect(key.scopes).toEqual([...API_KEY_SCOPES]);
    } finally {
      await Promise.all([superuser.destroy(), owner.destroy()]);
      await upgraded.drop();
    }
  });

  it('leave one row in event_log, and no second one is possible', async () => {
    expect(await source.query('select position, pruned_position from event_log')).toEqual([
      { position: '0', pruned_position: '0' },
    ]);
    await expect(source.query('insert into event_log default values')).rejects.toThrow(/event_log_pkey/);
    await expect(source.query('insert into event_log (id) values (false)')).rejects.toThrow(/event_log_id_check/);
  });

  it('give each database another log id', async () => {
    const other = await createTestDatabase();
    const client = new Client({ connectionString: other.url });
    await client.connect();
    try {
      for (const _migration of MIGRATIONS) await source.undoLastMigration({ transaction: 'each' });
      await migrateDatabase(testDatabase.url, testDatabase.applicationUrl);
      const [here] = await source.query<{ log_id: string }[]>('select log_id from event_log');
      const there = await client.query<{ log_id: string }>('select log_id from event_log');
      expect(here!.log_id).not.toBe(there.rows[0]!.log_id);
    } finally {
      await client.end();
      await other.drop();
    }
  });
});

describe('serverSecret', () => {
  it('made by ten processes at once is one, and stays', async () => {
    let made = 0;
    const make = (): string => `secret ${(made += 1)}`;
    const secrets = await Promise.all(
      Array.from({ length: 10 }, () => serverSecret(source, testSecrets, 'vapid', make)),
    );
    expect(new Set(secrets).size).toBe(1);
    expect(await serverSecret(source, testSecrets, 'vapid', make)).toBe(secrets[0]);
    expect(await serverSecret(source, testSecrets, 'other', () => 'another')).toBe('another');
  });

  it('sealed with a key that is not here is none, and nothing is made in its place', async () => {
    const another = createSecretBox([Buffer.alloc(32, 9)]);
    await serverSecret(source, another, 'third', () => 'theirs');
    expect(await serverSecret(source, testSecrets, 'third', () => 'ours')).toBeNull();
    expect(await serverSecret(source, another, 'third', () => 'ours')).toBe('theirs');
  });
});
