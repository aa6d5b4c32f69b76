import { join } from 'node:path';
import { seedDemo } from '../../src/process/demo';
import { startTestApi, type TestApi } from '../support/api';
import { Caller } from '../support/api-client';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type Ended, ProcessGarden, type Typed } from '../process/baton-process';
import { createOutsideDatabase, type OutsideDatabase } from '../process/outside-database';
import { adminHere, passwordIn } from './admin-here';

const PASSWORD = 'correct horse battery';
const garden = new ProcessGarden();
let running: TestApi;
let database: TestDatabase;
let empty: OutsideDatabase;

beforeAll(async () => {
  [running, database, empty] = await Promise.all([
    startTestApi({ withWorker: false }),
    createTestDatabase(),
    createOutsideDatabase(),
  ]);
  await seedDemo(running.core.database.source, running.dataDirectory, running.url);
});
afterAll(async () => {
  await garden.clear();
  await Promise.all([running.stop(), database.drop(), empty.drop()]);
});

/** On the database of an API that is running, with a demo. That of a running `npm start` is found in start.test.ts. */
const admin = (args: readonly string[], input?: string): Promise<Ended> =>
  run({ DATABASE_URL: running.core.databaseUrl }, { args, input: input ?? '' });
const outside = (args: readonly string[], input?: string): Promise<Ended> =>
  run({ DATABASE_URL: database.applicationUrl }, { args, input: input ?? '' });
const nothing = join(garden.folder, 'nothing');
const run = (env: Record<string, string>, typed: Typed): Promise<Ended> =>
  adminHere({ BATON_DATA_DIR: nothing, ...env }, typed);
/** In a process of its own, as a person does: that it prints what `run` returns is asked once for each way to end. */
const typed = (env: Record<string, string>, what: Typed): Promise<Ended> => garden.run('admin', env, what).ended;

const newWorkspace = (slug: string, ...more: string[]): string[] => [
  'create-workspace',
  ...['--slug', slug, '--name', `The ${slug} house`, '--owner-email', `olivia@${slug}.example`, ...more],
];

async function signIn(email: string, password: string): Promise<Caller> {
  const nobody = new Caller(running.url, null);
  return nobody.as((await nobody.act('signIn', { email, password })).accessToken!);
}

const isSignedIn = async (caller: Caller): Promise<boolean> =>
  (await caller.post('{ viewer { __typename } }')).data?.viewer != null;

describe('npm run admin, with arguments that cannot be right', () => {
  it.each([
    ['an unknown command', ['make-coffee'], /^There is no command make-coffee\. See `npm run admin -- help`\.$/],
    ['a missing option', ['create-workspace', '--slug', 'a', '--name', 'A'], /^create-workspace needs --owner-email\./],
    ['an unknown option', ['list-users', '--workspace', 'a', '--foo'], /^list-users: Unknown option '--foo'\. See/],
    ['an option without its value', ['list-users', '--workspace'], /^list-users: .*argument missing\. See/],
    ['too many words', ['list-workspaces', 'acme'], /^list-workspaces: Unexpected argument 'acme'\. See/],
  ])('is refused in one line, exit code 1, before a database is looked for: %s', async (_what, args, line) => {
    const ended = await run({}, { args });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(line) as string });
    expect(ended.stderr).not.toContain('\n');
  });

  it('is refused by its process: with that line on standard error, and with that code', async () => {
    const args = ['make-coffee'];
    const ended = await typed({}, { args });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^There is no/) as string });
    expect(ended).toEqual(await run({}, { args }));
  });

  it.each([
    ['a slug', newWorkspace('Not a slug'), '', /^--slug: /],
    ['an address', newWorkspace('a', '--owner-email', 'nobody'), '', /^--owner-email: This is not an e-mail address/],
    ['a short password', newWorkspace('a', '--password-stdin'), 'short\n', /^The password: .*at least 10/],
    ['two lines of password', newWorkspace('a', '--password-stdin'), `${PASSWORD}\n\nx\n`, /^--password-stdin: /],
    ['a workspace that is not there', ['list-users', '--workspace', 'none'], '', /^There is no workspace none\.$/],
    ['a person who is not there', ['disable-user', '--email', 'x@y.example'], '', /^Nobody has the address x@y\.exa/],
  ])('is refused in one line: %s', async (_what, args, input, line) => {
    const ended = await outside(args, input);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(line) as string });
    expect(ended.stderr).not.toContain('\n');
  });
});

describe('npm run admin, without a database that is ready', () => {
  it('says that no Baton is running and what to do', async () => {
    const { code, stderr } = await run({}, { args: ['list-workspaces'] });
    expect(stderr).toMatch(/^No Baton is running on .*nothing: run `npm start` first, or set DATABASE_URL.*$/);
    expect(code).toBe(1);
  });

  it('says that the database is not migrated', async () => {
    const { code, stderr } = await run({ DATABASE_URL: empty.env.DATABASE_URL }, { args: ['list-workspaces'] });
    expect(stderr).toMatch(/^DATABASE_URL .*not up to date: run `npm run migrate` first\.$/);
    expect(code).toBe(1);
  });
});

describe('npm run admin', () => {
  it('explains every command with help, and with no word at all', async () => {
    const [help, nothing] = await Promise.all([run({}, { args: ['help'] }), run({}, {})]);
    expect(help).toEqual({ code: 0, signal: null, stderr: '', stdout: nothing.stdout });
    for (const name of ['create-workspace', 'list-workspaces', 'list-users', 'disable-user', 'enable-user']) {
      expect(help.stdout).toContain(`  ${name}`);
    }
    expect(help.stdout).toContain('reset-password --email ada@acme.example [--workspace acme] [--password-stdin]');
  });

  it('takes the password from stdin without printing it, refuses the slug a second time, and lists, on DATABASE_URL', async () => {
    const typing = { args: newWorkspace('acme', '--password-stdin'), input: `${PASSWORD}\n` };
    const made = await typed({ DATABASE_URL: database.applicationUrl }, typing);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).not.toMatch(/password/i);
    const again = await outside(newWorkspace('acme'));
    expect(again).toMatchObject({ code: 1, stderr: '--slug: There is already a workspace with the slug acme.' });
    const [workspaces, users] = await Promise.all([
      outside(['list-workspaces']),
      outside(['list-users', '--workspace', 'acme']),
    ]);
    expect(workspaces.stdout).toMatch(/^SLUG .*\nacme +The acme house +0 +1 +\d{4}-\d\d-\d\d\n$/);
    expect(users.stdout).toMatch(/^E-MAIL .*\nolivia@acme\.example +olivia +OWNER +may sign in\n$/);
  });

  it('resets a password, which ends every session and the old password', async () => {
    const old = passwordIn(await admin(newWorkspace('reset')));
    const before = await signIn('olivia@reset.example', old);
    const reset = await admin(['reset-password', '--email', 'Olivia@Reset.example']);
    expect(reset.stdout).toContain('Sessions ended: 1.');
    expect(await isSignedIn(before)).toBe(false);
    expect(await before.as(null).refusals('signIn', { email: 'olivia@reset.example', password: old })).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    expect(await isSignedIn(await signIn('olivia@reset.example', passwordIn(reset)))).toBe(true);
  });

  it('disables a member with their sessions and lets them in again, but never the last owner', async () => {
    const last = await admin(['disable-user', '--email', 'olivia@demo.example']);
    expect(last).toMatchObject({ code: 1, stderr: expect.stringMatching(/^This is the last owner/) as string });
    await admin(['reset-password', '--email', 'ada@demo.example', '--password-stdin'], PASSWORD);
    const ada = await signIn('ada@demo.example', PASSWORD);
    expect((await admin(['disable-user', '--email', 'ada@demo.example'])).stdout).toContain('Sessions ended: 1.');
    expect(await isSignedIn(ada)).toBe(false);
    const credentials = { email: 'ada@demo.example', password: PASSWORD };
    expect(await ada.as(null).refusals('signIn', credentials)).toEqual(['INVALID_CREDENTIALS']);
    expect((await admin(['list-users', '--workspace', 'demo'])).stdout).toMatch(/ada@demo\.example .* acme +disabled/);
    await admin(['enable-user', '--email', 'ada@demo.example', '--workspace', 'demo']);
    expect(await isSignedIn(await signIn('ada@demo.example', PASSWORD))).toBe(true);
  });

  it('asks which workspace is meant when the address has accounts in several', async () => {
    const same = ['--owner-email', 'both@example.com'];
    await Promise.all([outside(newWorkspace('one', ...same)), outside(newWorkspace('two', ...same))]);
    const { code, stderr } = await outside(['reset-password', '--email', 'both@example.com']);
    expect(stderr).toMatch(
      /^both@example\.com has accounts in several workspaces: name one .*\((one, two|two, one)\)\.$/,
    );
    expect(code).toBe(1);
    const named = await outside(['reset-password', '--email', 'both@example.com', '--workspace', 'two']);
    expect(named).toMatchObject({ code: 0, stderr: '' });
  });
});
