import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serverSecretPlace } from '../../src/domain/secrets';
import { testSecrets } from '../support/secrets';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { ProcessGarden, type Ended, type Entry } from './baton-process';
import { ask, createOutsideDatabase, type OutsideDatabase } from './outside-database';

/*
 * At least one process for each root, and for each step that one takes: what the environment says, an address that answers,
 * what startCore finds there, what API and worker find after it. REDIS_URL is in start.test.ts. All that can be wrong in
 * each of these ways is in start-refusals.test.ts and read-config.test.ts, which call what the roots call.
 */

const garden = new ProcessGarden();
const nothing = join(garden.folder, 'nothing');
let database: OutsideDatabase;
/** The only one here that is migrated. */
let migrated: TestDatabase;

beforeAll(async () => {
  [database, migrated] = await Promise.all([createOutsideDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await garden.clear();
  await Promise.all([database.drop(), migrated.drop()]);
});

const refused = (entry: Entry, env: Record<string, string>): Promise<Ended> => garden.run(entry, env).ended;

/** One line, exit code 1, and nothing on the screen that was secret. */
function expectOneLine({ code, stdout, stderr }: Ended, line: RegExp): void {
  expect(stderr).toMatch(line);
  expect(stderr).not.toContain('\n');
  expect(stdout + stderr).not.toContain('sekrit');
  expect(code).toBe(1);
}

describe('a start with a variable that cannot be right', () => {
  it('is refused in one line that names it before anything is touched', async () => {
    const ended = await refused('start', { DATABASE_URL: 'mysql://u:sekrit@127.0.0.1/x' });
    expectOneLine(ended, /^Baton cannot start: DATABASE_URL must be /);
    expect(existsSync(nothing)).toBe(false);
  });
});

describe('a start whose DATABASE_URL is missing or leads nowhere', () => {
  it('is refused in one line: api without any', async () => {
    expectOneLine(await refused('api', {}), /^Baton cannot start: DATABASE_URL is missing: .*npm start/);
  });

  it.each(['start', 'worker'] as const)('is refused in one line: %s, nobody listens', async (entry) => {
    const env = { DATABASE_URL: 'postgres://baton:sekrit@127.0.0.1:1/baton' };
    expectOneLine(await refused(entry, env), /^Baton cannot start: DATABASE_URL leads to no PostgreSQL .*ECONNREFUSED/);
    expect(existsSync(nothing)).toBe(false);
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
  it('is refused in one line that says what to do, also where everything is in one process', async () => {
    const ended = await refused('start', { DATABASE_URL: migrated.url });
    expectOneLine(ended, /signs in as postgres, a superuser, or one that may make roles/);
    expect(ended.stderr).toMatch(/put that address into DATABASE_OWNER_URL .*run `npm run migrate`/);
  });
});

describe('a start with a manifest of operations that is not there', () => {
  it('is refused in one line: api', async () => {
    const env = { DATABASE_URL: migrated.applicationUrl, BATON_OPERATIONS_FILE: 'no-such-file.json' };
    expectOneLine(
      await refused('api', env),
      /^Baton cannot start: BATON_OPERATIONS_FILE leads to no file that can be read \(ENOENT\)\.$/,
    );
  });
});

describe('a start with another key than that of the stored secrets', () => {
  it('is refused in one line that names BATON_SECRET_KEY', async () => {
    const sealed = await createTestDatabase();
    try {
      const value = testSecrets.seal('{}', serverSecretPlace('vapid'));
      await ask(sealed.url, "insert into server_secrets (name, value) values ('vapid', $1)", [value]);
      const otherKey = Buffer.alloc(32, 8).toString('base64');
      const env = { DATABASE_URL: sealed.applicationUrl, LOG_LEVEL: 'error' };
      const both = [refused('api', env), refused('worker', { ...env, BATON_SECRET_KEY: otherKey })];
      for (const ended of await Promise.all(both)) {
        expectOneLine(ended, /^Baton cannot start: BATON_SECRET_KEY must hold the key/);
        expect(ended.stderr).not.toContain(otherKey);
      }
    } finally {
      await sealed.drop();
    }
  });
});
