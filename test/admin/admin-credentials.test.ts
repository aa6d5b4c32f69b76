import { Agent } from '../../src/entities/agent';
import { createSecretBox } from '../../src/identity/secret-box';
import { responderSecretPlace } from '../../src/domain/secrets';
import { addScene, ready, type Scene, startScene } from '../api/scene';
import { AGENT_TURNS, type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { type Ended, ProcessGarden } from '../process/baton-process';
import { adminHere } from './admin-here';

const garden = new ProcessGarden();
let scene: Scene;
beforeAll(async () => {
  const base = await startScene({ withWorker: false });
  scene = await addScene(base.api);
});
afterAll(async () => {
  await garden.clear();
  await scene.api.stop();
});

const admin = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  adminHere({ DATABASE_URL: scene.api.core.databaseUrl, ...env }, { args });
/** In a process of its own. */
const typed = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  garden.run('admin', { DATABASE_URL: scene.api.core.databaseUrl, ...env }, { args }).ended;
const who = (): string[] => ['--email', scene.world.operator.row.email, '--workspace', scene.world.workspace.slug];
const where = (): string[] => ['--workspace', scene.world.workspace.slug];

describe('npm run admin, for sessions', () => {
  it('lists them, and ends them with the sockets that a running process holds', async () => {
    const { people, ids } = scene;
    const feed = await ready(people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    expect((await admin(['list-sessions', ...who()])).stdout).toMatch(/^SIGNED IN .*\n\d{4}-.*Z {2}\d{4}-.*Z\n$/);
    expect((await typed(['end-sessions', ...who()])).stdout).toMatch(/is signed out\. Sessions ended: 1\.\n$/);
    expect(await feed.waitForError()).toMatchObject({ code: 4401 });
    expect((await people.operator.post('{ viewer { __typename } }')).data).toEqual({ viewer: null });
    expect((await admin(['list-sessions', ...who()])).stdout).toMatch(/^SIGNED IN .*\n$/);
    expect((await admin(['end-sessions', ...who()])).stdout).toContain('Sessions ended: 0.');
  });
});

describe('npm run admin, for API keys', () => {
  it('says that a workspace has no such key, also for one of another workspace', async () => {
    const foreign = await addScene(scene.api);
    for (const prefix of ['bat_k_0', foreign.world.agentKey.row.prefix]) {
      const ended = await admin(['revoke-key', ...where(), '--prefix', prefix]);
      expect(ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^No API key of the/) as string,
      });
    }
  });

  it('lists them without secrets, and revokes one with its sockets', async () => {
    const { people, ids, world } = scene;
    const turns = people.agentKey.subscribe(AGENT_TURNS, { id: ids.agent });
    const { prefix } = world.agentKey.row;
    const listed = (await admin(['list-keys', ...where()])).stdout;
    expect(listed).toMatch(new RegExp(`^PREFIX .*\\n${prefix} +runtime +Ada +\\S+ +\\S+ +valid$`, 'm'));
    expect(listed).not.toContain(world.agentKey.token);
    const revoked = await admin(['revoke-key', ...where(), '--prefix', prefix]);
    expect(revoked.stdout).toBe(`The API key ${prefix} (runtime) is revoked.\n`);
    expect(await turns.waitForError()).toMatchObject({ code: 4401 });
    expect((await admin(['list-keys', ...where()])).stdout).toMatch(new RegExp(`^${prefix} .* revoked$`, 'm'));
  });
});

describe('npm run admin -- rotate-keys', () => {
  const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const keys = (...of: Buffer[]): Record<string, string> => ({
    BATON_SECRET_KEY: of.map((key) => key.toString('base64')).join(','),
  });

  it('is refused without BATON_SECRET_KEY: another key than the servers have would be used', async () => {
    const ended = await admin(['rotate-keys']);
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Set BATON_SECRET_KEY:/) as string,
    });
  });

  it('seals everything with the first key, and says what it could not open', async () => {
    const { manager } = scene.api.source;
    const { id } = scene.world.agent;
    const place = responderSecretPlace(id);
    const responderSecret = createSecretBox([older]).seal('sk-1', place);
    await manager.query('delete from server_secrets');
    await manager.update(Agent, { id }, { responderSecret });
    const wrong = await admin(['rotate-keys'], keys(newer));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^1 could not be opened/) as string });
    const right = await admin(['rotate-keys'], keys(newer, older));
    expect(right).toMatchObject({ code: 0, stdout: 'Secrets sealed with the first key: 1.\n', stderr: '' });
    const stored = await manager.findOneByOrFail(Agent, { id });
    expect(createSecretBox([newer]).open(stored.responderSecret!, place)).toBe('sk-1');
    expect((await admin(['rotate-keys'], keys(newer))).stdout).toBe('Secrets sealed with the first key: 0.\n');
  });
});
