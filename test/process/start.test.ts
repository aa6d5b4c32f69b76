import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from '../../src/embedded/process-identity';
import type { DemoFile as DemoOfTour, DemoLogin } from '../../src/tour/demo-file';
import { passwordIn } from '../admin/admin-here';
import { postmasterPid, query } from '../embedded/launched-server';
import { Caller } from '../support/api-client';
import { READ_CONVERSATION } from '../support/documents';
import { addressOf, killPostgres, ProcessGarden } from './baton-process';

type DemoFile = DemoOfTour & { readonly settingsMember: DemoLogin };

const garden = new ProcessGarden();
const directory = garden.dataDirectory('my data');
/** A start that is refused leaves it, and one in production finds it. */
const otherDirectory = garden.dataDirectory('other data');
const clusterOf = (dataDirectory: string): string => join(dataDirectory, 'postgres');
const demoIn = (dataDirectory: string): DemoFile =>
  JSON.parse(readFileSync(join(dataDirectory, 'demo.json'), 'utf8')) as DemoFile;

/** `npm start` on the data directory, until it says that it is ready. */
async function startOn(dataDirectory: string, env: Record<string, string> = {}) {
  const baton = garden.run('start', { BATON_DATA_DIR: dataDirectory, ...env });
  const url = await addressOf(baton);
  await baton.printed(/Stop with Ctrl-C/);
  return { baton, url, api: `${url}/graphql`, postgres: postmasterPid(clusterOf(dataDirectory)) };
}

async function signIn(api: string, { email, password }: Pick<DemoLogin, 'email' | 'password'>): Promise<Caller> {
  const { accessToken } = await new Caller(api, null).act('signIn', { email, password });
  return new Caller(api, accessToken!);
}

async function startConversation(api: string, { agentPublicKey }: DemoFile): Promise<string> {
  const { visitorToken } = await new Caller(api, null).act('startVisitorSession', { agentPublicKey });
  const visitor = new Caller(api, visitorToken!);
  const { conversation } = await visitor.act('startConversation', { idempotencyKey: 'first' });
  await visitor.act('sendMessage', { conversationId: conversation!.id, clientNonce: 'a', text: 'Hello?' });
  return conversation!.id;
}

/** The embedded database, past the API. */
function databaseIn(dataDirectory: string): string {
  const password = readFileSync(join(dataDirectory, 'postgres-password'), 'utf8');
  const [, , , port] = readFileSync(join(clusterOf(dataDirectory), 'postmaster.pid'), 'utf8').split('\n');
  return `postgres://baton:${password}@127.0.0.1:${port}/baton`;
}

/** It deletes its file as the last step of an orderly stop; the test's own time limit ends a wait in vain. */
async function untilPostgresIsGone(dataDirectory: string): Promise<void> {
  while (existsSync(join(clusterOf(dataDirectory), 'postmaster.pid'))) await delay(10);
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status;
}

afterAll(() => garden.clear());

describe('npm start, from nothing', () => {
  let running: Awaited<ReturnType<typeof startOn>>;
  beforeAll(async () => {
    running = await startOn(directory);
  });

  it('is refused on a data directory that is in use, in one line', async () => {
    const { code, stderr } = await garden.run('start', { BATON_DATA_DIR: directory }).ended;
    expect(stderr).toMatch(
      /^Baton cannot start: Another Baton \(process \d+\) is running on .*my data: stop it first.*$/,
    );
    expect(code).toBe(1);
  });

  it('is refused when its port is taken, in one line that names PORT, and takes its PostgreSQL along', async () => {
    const second = garden.run('start', { BATON_DATA_DIR: otherDirectory, PORT: new URL(running.url).port });
    const { code, stderr } = await second.ended;
    expect(stderr).toMatch(/^Baton cannot start: PORT is taken by another process.*$/);
    expect(code).toBe(1);
    await untilPostgresIsGone(otherDirectory);
  });

  it('prints the address, the explorer and who can sign in', () => {
    const { owner, operators, settingsMember } = demoIn(directory);
    expect(running.baton.stdout).toContain(`Baton is ready at ${running.api}`);
    expect(running.baton.stdout).toContain(`${running.url}/explorer`);
    expect(running.baton.stdout).toContain('npm run tour');
    for (const { email, password } of [owner, ...operators, settingsMember]) {
      expect(running.baton.stdout).toMatch(new RegExp(`${email} +${password}`));
    }
  });

  it('writes demo.json in exactly its shape, for its owner alone', () => {
    const person = {
      email: expect.stringMatching(/^\w+@demo\.example$/) as string,
      password: expect.stringMatching(/^[\w-]{16}$/) as string,
      userId: expect.stringMatching(/^usr_/) as string,
    };
    expect(demoIn(directory)).toStrictEqual({
      graphqlUrl: running.api,
      workspaceId: expect.stringMatching(/^ws_/) as string,
      organizationId: expect.stringMatching(/^org_/) as string,
      agentId: expect.stringMatching(/^agt_/) as string,
      agentPublicKey: expect.stringMatching(/^pk_/) as string,
      owner: person,
      operators: [person, person],
      settingsMember: person,
    });
    expect(statSync(join(directory, 'demo.json')).mode & 0o777).toBe(0o600);
  });

  it('lets everybody in demo.json sign in, with the permissions that the file promises', async () => {
    const { owner, operators, settingsMember } = demoIn(directory);
    const document = 'query { viewer { ... on User { id workspaceRole permissions } } }';
    const views = await Promise.all(
      [owner, ...operators, settingsMember].map(async (person) =>
        (await signIn(running.api, person)).ask<{ viewer: object }>(document),
      ),
    );
    const handles = ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'];
    expect(views.map(({ viewer }) => viewer)).toEqual([
      { id: owner.userId, workspaceRole: 'OWNER', permissions: expect.any(Array) as string[] },
      { id: operators[0].userId, workspaceRole: null, permissions: handles },
      { id: operators[1].userId, workspaceRole: null, permissions: handles },
      { id: settingsMember.userId, workspaceRole: null, permissions: [...handles, 'MANAGE_AGENT_SETTINGS'] },
    ]);
  });

  it('seeds an agent with handoff enabled and the scripted responder', async () => {
    const { owner, agentId } = demoIn(directory);
    const document =
      'query($id: ID!) { agent(id: $id) { handoff { enabled } responder { kind } organization { id } } }';
    const { agent } = await (await signIn(running.api, owner)).ask<{ agent: object }>(document, { id: agentId });
    expect(agent).toEqual({
      handoff: { enabled: true },
      responder: { kind: 'SCRIPTED' },
      organization: { id: expect.stringMatching(/^org_/) as string },
    });
  });

  it('says on /healthz that it lives, on /readyz that it can serve, and shows the explorer', async () => {
    expect(await status(`${running.url}/healthz`)).toBe(200);
    expect(await status(`${running.url}/readyz`)).toBe(200);
    expect(await status(`${running.url}/explorer`)).toBe(200);
  });

  it('is where npm run admin goes by itself: it makes a workspace whose owner can sign in with the printed password', async () => {
    const args = ['create-workspace', '--slug', 'acme', '--name', 'The acme house', '--owner-name', 'Olivia'];
    const email = 'olivia@acme.example';
    const made = await garden.run('admin', { BATON_DATA_DIR: directory }, { args: [...args, '--owner-email', email] })
      .ended;
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const owner = await signIn(running.api, { email, password: passwordIn(made) });
    expect(await owner.ask('{ viewer { ... on User { displayName workspaceRole workspace { slug name } } } }')).toEqual(
      {
        viewer: { displayName: 'Olivia', workspaceRole: 'OWNER', workspace: { slug: 'acme', name: 'The acme house' } },
      },
    );
  });

  it('ends with code 0 on Ctrl-C, with nothing on stderr, and PostgreSQL is gone', async () => {
    const { code, stderr } = await running.baton.end('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(processIdentity(running.postgres)).toBeUndefined();
    expect(existsSync(join(clusterOf(directory), 'postmaster.pid'))).toBe(false);
  });
});

describe('npm start, again and again', () => {
  let running: Awaited<ReturnType<typeof startOn>>;
  afterAll(() => running.baton.end('SIGINT'));

  it('keeps the demo, its ids and its passwords after Ctrl-C', async () => {
    const first = demoIn(directory);
    running = await startOn(directory);
    expect(demoIn(directory)).toEqual({ ...first, graphqlUrl: running.api });
    await signIn(running.api, demoIn(directory).operators[0]);
  });

  it('works after kill -9 of node, whose PostgreSQL lived on', async () => {
    const { api, baton, postgres } = running;
    const conversation = await startConversation(api, demoIn(directory));
    await baton.end('SIGKILL');
    expect(processIdentity(postgres)).toBeDefined();
    running = await startOn(directory);
    expect(running.postgres).not.toBe(postgres);
    const operator = await signIn(running.api, demoIn(directory).operators[0]);
    const found = await operator.ask<{ conversation: { id: string } }>(READ_CONVERSATION, { id: conversation });
    expect(found.conversation.id).toBe(conversation);
  });

  it('still has the conversations after kill -9 of node and of PostgreSQL', async () => {
    const { api, baton } = running;
    const conversation = await startConversation(api, demoIn(directory));
    await baton.end('SIGKILL');
    await killPostgres(directory);
    running = await startOn(directory);
    const operator = await signIn(running.api, demoIn(directory).operators[1]);
    const found = await operator.ask<{ conversation: { lastSequence: number } }>(READ_CONVERSATION, {
      id: conversation,
    });
    expect(found.conversation.lastSequence).toBeGreaterThanOrEqual(1);
  });

  it('ends when its PostgreSQL is killed, and starts again', async () => {
    await killPostgres(directory);
    expect((await running.baton.ended).code).toBe(1);
    running = await startOn(directory);
  });
});

describe('npm start that does not come so far', () => {
  it('takes PostgreSQL along when Ctrl-C comes before it is ready', async () => {
    const baton = garden.run('start', { BATON_DATA_DIR: directory });
    const file = join(clusterOf(directory), 'postmaster.pid');
    while (!existsSync(file)) await delay(1);
    const { stdout } = await baton.end('SIGINT');
    expect(stdout).not.toContain('Baton is ready');
    await untilPostgresIsGone(directory);
  });

  it('is refused in one line when REDIS_URL leads nowhere, and takes its PostgreSQL along', async () => {
    const refused = await garden.run('start', { BATON_DATA_DIR: directory, REDIS_URL: 'redis://:sekrit@127.0.0.1:1' })
      .ended;
    expect(refused.stderr).toMatch(/^Baton cannot start: REDIS_URL leads to no Redis that answers \(ECONNREFUSED\).*$/);
    expect(refused.code).toBe(1);
    await untilPostgresIsGone(directory);
  });
});

describe('npm start in production without DATABASE_URL', () => {
  it('serves, but seeds no demo and shows neither explorer nor introspection', async () => {
    const production = otherDirectory;
    const { url, api, baton } = await startOn(production, { NODE_ENV: 'production' });
    expect(await status(`${url}/readyz`)).toBe(200);
    expect(await status(`${url}/explorer`)).toBe(404);
    const { errors } = await new Caller(api, null).post('{ __schema { queryType { name } } }');
    expect(errors?.[0]?.message).toMatch(/introspection/i);
    expect(existsSync(join(production, 'demo.json'))).toBe(false);
    expect(
      await query(
        databaseIn(production),
        'select (select count(*) from users) + (select count(*) from workspaces) as rows',
      ),
    ).toEqual([{ rows: '0' }]);
    expect(baton.stdout).not.toContain('Who can sign in');
    expect((await baton.end('SIGTERM')).code).toBe(0);
  });
});
