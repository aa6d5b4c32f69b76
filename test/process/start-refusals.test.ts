import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../src/config/config';
import { readConfig } from '../../src/config/read-config';
import { serverSecretPlace } from '../../src/domain/secrets';
import { startCore } from '../../src/process/core';
import { requireDatabase, requireOwner } from '../../src/process/require-database';
import { requireRedis } from '../../src/process/require-redis';
import { StartError } from '../../src/process/run-root';
import { vapidKeysOf } from '../../src/process/vapid-keys';
import { describeWithRedis } from '../support/describe-with-redis';
import { TEST_SECRET_KEY, testSecrets } from '../support/secrets';
import { createTestDatabase, databaseUrl, type TestDatabase } from '../support/test-database';
import { ask, createOutsideDatabase, type OutsideDatabase } from './outside-database';

/*
 * What the roots call one after the other until they serve. That a process ends with the line of such an error, and with
 * code 1, is for refused-start.test.ts to say.
 */

type Env = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'baton-refusals-'));
const nothing = join(folder, 'nothing');
let empty: OutsideDatabase;
let migrated: TestDatabase;
/** Takes connections and never says a word. */
let silent: Server;
let unanswered: Promise<string>[];

beforeAll(async () => {
  [empty, migrated] = await Promise.all([createOutsideDatabase(), createTestDatabase()]);
  silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  // They give up after 5 and 10 s: meanwhile the other tests run.
  unanswered = [
    lineOf(requireDatabase, { DATABASE_URL: `postgres://baton:sekrit@127.0.0.1:${port}/baton` }),
    lineOf(start, { DATABASE_URL: empty.env.DATABASE_URL, REDIS_URL: `redis://:sekrit@127.0.0.1:${port}` }),
  ];
  // The test that waits for them fails; until then nobody looks.
  for (const line of unanswered) line.catch(() => undefined);
});
afterAll(async () => {
  silent.close();
  await Promise.all([empty.drop(), migrated.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function start(config: Config): Promise<void> {
  const core = await startCore(config, pino({ level: 'silent' }), await requireDatabase(config));
  await core.stop();
}

/** What a step says when it refuses: one line, and nothing in it that was secret. */
async function lineOf(step: (config: Config) => Promise<unknown>, env: Env): Promise<string> {
  const error: unknown = await step(readConfig({ BATON_DATA_DIR: nothing, ...env })).then(
    () => 'It was not refused.',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartError);
  const { message } = error as StartError;
  expect(message).not.toContain('\n');
  expect(message).not.toContain('sekrit');
  return message;
}

/** Somebody else's name, where given, and password in place of the right ones. */
function signedBy(url: string, password: string, name?: string): string {
  const changed = new URL(url);
  changed.password = password;
  changed.username = name ?? changed.username;
  return changed.href;
}

describe('an address that is missing or leads nowhere', () => {
  it('is refused in one line without any', async () => {
    expect(await lineOf(requireDatabase, {})).toMatch(/^DATABASE_URL is missing: .*npm start/);
  });

  it('is refused in one line without the owner, or without the role that is to be let in', async () => {
    for (const env of [{}, { DATABASE_URL: empty.env.DATABASE_URL }] as Env[]) {
      expect(await lineOf(requireOwner, env)).toMatch(/^DATABASE_OWNER_URL and DATABASE_URL are needed: /);
    }
  });

  it('is refused in one line when nobody listens, before anything is touched', async () => {
    const env = { DATABASE_URL: 'postgres://baton:sekrit@127.0.0.1:1/baton' };
    expect(await lineOf(start, env)).toMatch(/^DATABASE_URL leads to no PostgreSQL .*ECONNREFUSED/);
    expect(existsSync(nothing)).toBe(false);
  });

  it('is refused in one line with the server’s reason when the password is wrong', async () => {
    const env = { DATABASE_URL: signedBy(empty.env.DATABASE_URL, 'sekrit') };
    expect(await lineOf(start, env)).toMatch(/^DATABASE_URL .*password authentication failed/);
  });

  it('is refused in one line with the server’s reason when the database is unknown', async () => {
    const { DATABASE_URL, DATABASE_OWNER_URL } = empty.env;
    const env = { DATABASE_URL, DATABASE_OWNER_URL: databaseUrl(DATABASE_OWNER_URL, 'no_such_database') };
    expect(await lineOf(requireOwner, env)).toMatch(/^DATABASE_OWNER_URL .*"no_such_database" does not exist/);
  });

  it('is refused in one line when the host takes the connection and says nothing, whatever variable names it', async () => {
    const [postgres, redis] = await Promise.all(unanswered);
    expect(postgres).toMatch(/^DATABASE_URL leads to no PostgreSQL that answers \(.*timeout/);
    expect(redis).toMatch(/^REDIS_URL leads to no Redis that answers/);
  });

  it('is refused in one line when no Redis listens', async () => {
    const env = { DATABASE_URL: empty.env.DATABASE_URL, REDIS_URL: 'redis://:sekrit@127.0.0.1:1' };
    expect(await lineOf(start, env)).toMatch(/^REDIS_URL leads to no Redis .*\(ECONNREFUSED\)/);
  });
});

describeWithRedis('the wrong password for Redis', () => {
  it('is refused in one line that names REDIS_URL', async () => {
    const REDIS_URL = signedBy(process.env.BATON_TEST_REDIS_URL!, 'sekrit', 'nobody');
    const line = await lineOf(({ redis }) => requireRedis(redis.url), { REDIS_URL });
    expect(line).toMatch(/^REDIS_URL leads to no Redis that answers \(WRONGPASS\)/);
  });
});

describe('a database that was not migrated', () => {
  it('is refused in one line', async () => {
    const line = await lineOf(start, { DATABASE_URL: empty.env.DATABASE_URL });
    expect(line).toMatch(/^DATABASE_URL .*not up to date: run `npm run migrate` first\.$/);
  });
});

describe('a role that passes by the walls between tenants', () => {
  it.each([
    ['the superuser', () => migrated.url, /signs in as postgres, a superuser, or one that may make roles/],
    ['the owner', () => migrated.ownerUrl, /signs in as baton, (a superuser, or|the owner)/],
  ])('is refused in one line that says what to do: %s', async (_whom, url, line) => {
    const refused = await lineOf(start, { DATABASE_URL: url() });
    expect(refused).toMatch(line);
    expect(refused).toMatch(/put that address into DATABASE_OWNER_URL .*run `npm run migrate`/);
  });

  it.each([
    [
      'owns the tables and nothing else',
      'owns_alone',
      ['create role owns_alone login password $$sekrit$$', 'alter table migrations owner to owns_alone'],
      ['alter table migrations owner to baton', 'drop role owns_alone'],
      /signs in as owns_alone, the owner of the tables: /,
    ],
    [
      'would hold the powers of every scope outside of them',
      'inherits_all',
      [
        'create role inherits_all login inherit password $$sekrit$$',
        'grant baton_tenant, baton_member, baton_server to inherits_all',
      ],
      ['drop role inherits_all'],
      /has not been let in: run `npm run migrate` first/,
    ],
  ])('is refused in one line where it %s', async (_what, role, before, after, line) => {
    for (const statement of before) await ask(migrated.url, statement);
    try {
      expect(await lineOf(start, { DATABASE_URL: signedBy(migrated.url, 'sekrit', role) })).toMatch(line);
    } finally {
      for (const statement of after) await ask(migrated.url, statement);
    }
  });
});

describe('another key than that of the stored secrets', () => {
  it('is refused in one line that names BATON_SECRET_KEY, and starts with the right one', async () => {
    const value = testSecrets.seal('{}', serverSecretPlace('vapid'));
    await ask(migrated.url, "insert into server_secrets (name, value) values ('vapid', $1)", [value]);
    const read = async (config: Config): Promise<void> => {
      const core = await startCore(config, pino({ level: 'silent' }), migrated.applicationUrl);
      await vapidKeysOf(config, core.database.source, core.secrets).finally(() => core.stop());
    };
    const env = { DATABASE_URL: migrated.applicationUrl };
    const otherKey = Buffer.alloc(32, 8).toString('base64');
    for (const keys of [{}, { BATON_SECRET_KEY: otherKey }] as Env[]) {
      const line = await lineOf(read, { ...env, ...keys });
      expect(line).toMatch(/^BATON_SECRET_KEY must hold the key/);
      expect(line).not.toContain(otherKey);
    }
    await read(readConfig({ ...env, BATON_SECRET_KEY: TEST_SECRET_KEY }));
  });
});
