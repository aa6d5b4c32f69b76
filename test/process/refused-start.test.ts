import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { databaseUrl } from '../support/test-database';
import { serverSecretPlace } from '../../src/domain/secrets';
import { testSecrets } from '../support/secrets';
import { describeWithRedis } from '../support/describe-with-redis';
import { ProcessGarden, type Ended, type Entry } from './baton-process';
import { createOutsideDatabase, type OutsideDatabase } from './outside-database';

const garden = new ProcessGarden();
const nothing = join(garden.folder, 'nothing');
let database: OutsideDatabase;
/** The only one here that is migrated. */
let migrated: OutsideDatabase;
/** Takes connections and never says a word. */
let silent: Server;
let unanswered: Promise<Ended[]>;

beforeAll(async () => {
  database = await createOutsideDatabase();
  migrated = await createOutsideDatabase();
  await garden.run('migrate', migrated.env).ended;
  silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  // They give up after 10 s: meanwhile the other tests run.
  unanswered = Promise.all([
    refused('api', { DATABASE_URL: `postgres://baton:sekrit@127.0.0.1:${port}/baton` }),
    refused('api', { DATABASE_URL: database.env.DATABASE_URL, REDIS_URL: `redis://:sekrit@127.0.0.1:${port}` }),
  ]);
});
afterAll(async () => {
  await garden.clear();
  silent.close();
  await database.drop();
  await migrated.drop();
});

const refused = (entry: Entry, env: Record<string, string>): Promise<Ended> => garden.run(entry, env).ended;

/** One line, exit code 1, and nothing on the screen that was secret. */
function expectOneLine({ code, stdout, stderr }: Ended, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stderr).not.toContain('\n');
  expect(stdout + stderr).not.toContain('sekrit');
  expect(code).toBe(1);
}

/** Somebody else's password in place of the right one. */
function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}

describe('a start with a variable that cannot be right', () => {
  it.each([
    ['PORT', 'abc'],
    ['REDIS_URL', 'foo'],
    ['DATABASE_URL', 'mysql://u:sekrit@127.0.0.1/x'],
    ['SMTP_URL', 'sekrit'],
    ['NODE_ENV', 'prod'],
  ])('is refused in one line that names %s before anything is touched', async (name, value) => {
    expectOneLine(await refused('start', { [name]: value }), new RegExp(`^Baton cannot start: ${name} must be `));
    expect(existsSync(nothing)).toBe(false);
  });
});

describe('a start whose DATABASE_URL is missing or leads nowhere', () => {
  it.each(['api', 'worker'] as const)('is refused in one line: %s without any', async (entry) => {
    expectOneLine(await refused(entry, {}), /^Baton cannot start: DATABASE_URL is missing: .*npm start/);
  });

  it('is refused in one line: migrate without the owner, or without the role that it is to let in', async () => {
    const environments: Record<string, string>[] = [{}, { DATABASE_URL: database.env.DATABASE_URL }];
    for (const env of environments) {
      expectOneLine(
        await refused('migrate', env),
        /^Baton cannot start: DATABASE_OWNER_URL and DATABASE_URL are needed: /,
      );
    }
  });

  it.each(['start', 'api', 'worker'] as const)('is refused in one line: %s, nobody listens', async (entry) => {
    const env = { DATABASE_URL: 'postgres://baton:sekrit@127.0.0.1:1/baton' };
    expectOneLine(await refused(entry, env), /^Baton cannot start: DATABASE_URL leads to no PostgreSQL .*ECONNREFUSED/);
    expect(existsSync(nothing)).toBe(false);
  });

  it('is refused in one line with the server’s reason when the password is wrong', async () => {
    const env = { DATABASE_URL: withPassword(database.env.DATABASE_URL, 'sekrit') };
    expectOneLine(await refused('api', env), /^Baton cannot start: DATABASE_URL .*password authentication failed/);
  });

  it('is refused in one line with the server’s reason when the database is unknown', async () => {
    const { DATABASE_URL, DATABASE_OWNER_URL } = database.env;
    const env = { DATABASE_URL, DATABASE_OWNER_URL: databaseUrl(DATABASE_OWNER_URL, 'no_such_database') };
    expectOneLine(
      await refused('migrate', env),
      /^Baton cannot start: DATABASE_OWNER_URL .*"no_such_database" does not exist/,
    );
  });

  it.each(['api', 'worker'] as const)('is refused in one line before it was migrated: %s', async (entry) => {
    const ended = await refused(entry, { DATABASE_URL: database.env.DATABASE_URL });
    expectOneLine(ended, /^Baton cannot start: DATABASE_URL .*not up to date: run `npm run migrate` first\.$/);
  });

  it('is refused in one line when the host takes the connection and says nothing, whatever variable names it', async () => {
    const [postgres, redis] = (await unanswered) as [Ended, Ended];
    expectOneLine(postgres, /^Baton cannot start: DATABASE_URL leads to no PostgreSQL that answers \(.*timeout/);
    expectOneLine(redis, /^Baton cannot start: REDIS_URL leads to no Redis that answers/);
  });
});

describe('a migration by an owner who may not make roles', () => {
  it('is refused in one line that names the role and says what to do, without the password', async () => {
    const url = (variable: 'DATABASE_URL' | 'DATABASE_OWNER_URL', name: string): string => {
      const changed = new URL(database.env[variable]);
      [changed.username, changed.password] = [name, 'sekrit'];
      return changed.href;
    };
    await database.query('create role makes_none login password $$sekrit$$');
    const env = {
      DATABASE_URL: url('DATABASE_URL', 'never_made'),
      DATABASE_OWNER_URL: url('DATABASE_OWNER_URL', 'makes_none'),
    };
    try {
      expectOneLine(await refused('migrate', env), /may not do this: create role "?never_made"? .*Give it CREATEROLE/);
    } finally {
      await database.query('drop role makes_none');
    }
  });
});

describe('a start with a role that passes by the walls between tenants', () => {
  it.each([
    ['the superuser', () => migrated.url, /signs in as postgres, a superuser, or one that may make roles/],
    ['the owner', () => migrated.env.DATABASE_OWNER_URL, /signs in as baton, (a superuser, or|the owner)/],
  ])('is refused in one line that says what to do: %s', async (_whom, url, line) => {
    for (const entry of ['api', 'worker', 'start'] as const) {
      const ended = await refused(entry, { DATABASE_URL: url() });
      expectOneLine(ended, line);
      expect(ended.stderr).toMatch(/put that address into DATABASE_OWNER_URL .*run `npm run migrate`/);
    }
  });

  it('is refused in one line where it owns the tables and nothing else', async () => {
    await migrated.query('create role owns_alone login password $$sekrit$$');
    await migrated.query('alter table migrations owner to owns_alone');
    const url = new URL(migrated.url);
    [url.username, url.password] = ['owns_alone', 'sekrit'];
    try {
      expectOneLine(
        await refused('api', { DATABASE_URL: url.href }),
        /signs in as owns_alone, the owner of the tables: /,
      );
    } finally {
      await migrated.query('alter table migrations owner to baton');
      await migrated.query('drop role owns_alone');
    }
  });

  it('is refused in one line where it would hold the powers of every scope outside of them', async () => {
    await migrated.query('create role inherits_all login inherit password $$sekrit$$');
    await migrated.query('grant baton_tenant, baton_member, baton_server to inherits_all');
    const url = new URL(migrated.url);
    [url.username, url.password] = ['inherits_all', 'sekrit'];
    try {
      expectOneLine(
        await refused('api', { DATABASE_URL: url.href }),
        /has not been let in: run `npm run migrate` first/,
      );
    } finally {
      await migrated.query('drop role inherits_all');
    }
  });
});

describe('a start with a manifest of operations that is not there', () => {
  it('is refused in one line: api', async () => {
    const env = { DATABASE_URL: migrated.env.DATABASE_URL, BATON_OPERATIONS_FILE: 'no-such-file.json' };
    expectOneLine(
      await refused('api', env),
      /^Baton cannot start: BATON_OPERATIONS_FILE leads to no file that can be read \(ENOENT\)\.$/,
    );
  });
});

describe('a start with another key than that of the stored secrets', () => {
  it('is refused in one line that names BATON_SECRET_KEY', async () => {
    const sealed = await createOutsideDatabase();
    try {
      expect((await refused('migrate', sealed.env)).code).toBe(0);
      const value = testSecrets.seal('{}', serverSecretPlace('vapid'));
      await sealed.query("insert into server_secrets (name, value) values ('vapid', $1)", [value]);
      const otherKey = Buffer.alloc(32, 8).toString('base64');
      const environments: Record<string, string>[] = [{}, { BATON_SECRET_KEY: otherKey }];
      for (const env of environments) {
        const entries = (['api', 'worker'] as const).map((entry) =>
          refused(entry, { DATABASE_URL: sealed.env.DATABASE_URL, LOG_LEVEL: 'error', ...env }),
        );
        for (const ended of await Promise.all(entries)) {
          expectOneLine(ended, /^Baton cannot start: BATON_SECRET_KEY must hold the key/);
          expect(ended.stderr).not.toContain(otherKey);
        }
      }
    } finally {
      await sealed.drop();
    }
  });
});

describe('a start whose REDIS_URL leads nowhere', () => {
  it.each(['start', 'api', 'worker'] as const)('is refused in one line: %s', async (entry) => {
    const env = { DATABASE_URL: database.env.DATABASE_URL, REDIS_URL: 'redis://:sekrit@127.0.0.1:1' };
    expectOneLine(await refused(entry, env), /^Baton cannot start: REDIS_URL leads to no Redis .*\(ECONNREFUSED\)/);
  });
});

describeWithRedis('a start with the wrong password for Redis', () => {
  it('is refused in one line that names REDIS_URL', async () => {
    const url = withPassword(process.env.BATON_TEST_REDIS_URL!, 'sekrit').replace('://', '://nobody');
    const ended = await refused('worker', { DATABASE_URL: database.env.DATABASE_URL, REDIS_URL: url });
    expectOneLine(ended, /^Baton cannot start: REDIS_URL leads to no Redis that answers \(WRONGPASS\)/);
  });
});
