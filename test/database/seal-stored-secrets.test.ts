import { sealStoredSecrets } from '../../src/database/seal-stored-secrets';
import { serverSecret } from '../../src/database/server-secrets';
import { mailPasswordPlace, responderSecretPlace, serverSecretPlace } from '../../src/domain/secrets';
import { Agent } from '../../src/entities/agent';
import { createSecretBox } from '../../src/identity/secret-box';
import { openDatabase } from '../commands/identity/open-database';
import { createWorld, type World } from '../support/world';

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const box = createSecretBox([older]);
const rotated = createSecretBox([newer, older]);
let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeEach(async () => {
  database = await openDatabase();
  world = await createWorld(database.source, { agent: { responderSecret: 'sk-clear' } });
  await database.source.query("insert into server_secrets (name, value) values ('vapid', 'vapid-clear')");
});
afterEach(() => database.close());

async function stored(): Promise<{ agent: string; server: string }> {
  const { responderSecret } = await database.source.manager.findOneByOrFail(Agent, { id: world.agent.id });
  const [row] = await database.source.query<{ value: string }[]>('select value from server_secrets');
  return { agent: responderSecret!, server: row!.value };
}

const placeOfAgent = (): string => responderSecretPlace(world.agent.id);

describe('sealStoredSecrets', () => {
  it('leaves alone what no key of this process opens, and counts it', async () => {
    await sealStoredSecrets(database.source, box);
    const before = await stored();
    expect(await sealStoredSecrets(database.source, createSecretBox([newer]))).toEqual({ sealed: 0, unopened: 2 });
    expect(await stored()).toEqual(before);
  });

  it('seals what an older version wrote in clear, each for its own row, once', async () => {
    expect(await sealStoredSecrets(database.source, box)).toEqual({ sealed: 2, unopened: 0 });
    const { agent, server } = await stored();
    expect(box.open(agent, placeOfAgent())).toBe('sk-clear');
    expect(box.open(server, serverSecretPlace('vapid'))).toBe('vapid-clear');
    expect(await serverSecret(database.source, box, 'vapid', () => 'another')).toBe('vapid-clear');
    expect(await sealStoredSecrets(database.source, box)).toEqual({ sealed: 0, unopened: 0 });
    expect(await stored()).toEqual({ agent, server });
  });

  it('in ten processes at once loses nothing', async () => {
    await Promise.all(Array.from({ length: 10 }, () => sealStoredSecrets(database.source, box)));
    expect(box.open((await stored()).agent, placeOfAgent())).toBe('sk-clear');
  });

  it('after a rotation seals all with the first key, so that the other can go', async () => {
    await sealStoredSecrets(database.source, box);
    expect(await sealStoredSecrets(database.source, rotated)).toEqual({ sealed: 2, unopened: 0 });
    const { agent, server } = await stored();
    const alone = createSecretBox([newer]);
    expect(alone.open(agent, placeOfAgent())).toBe('sk-clear');
    expect(alone.open(server, serverSecretPlace('vapid'))).toBe('vapid-clear');
    expect(box.open(agent, placeOfAgent())).toBeNull();
  });

  it('seals the passwords of mail servers too, in every workspace', async () => {
    const other = await createWorld(database.source);
    for (const { workspace } of [world, other]) {
      await database.source.query(
        `insert into mail_settings (workspace_id, host, port, security, username, password, from_address, updated_at)
         values ($1, 'smtp.example.com', 587, 'STARTTLS', 'u', 'clear', 'a@example.com', now())`,
        [workspace.id],
      );
    }
    expect(await sealStoredSecrets(database.source, box)).toEqual({ sealed: 4, unopened: 0 });
    expect(await sealStoredSecrets(database.source, rotated)).toEqual({ sealed: 4, unopened: 0 });
    const rows = await database.source.query<{ id: string; password: string }[]>(
      'select workspace_id as id, password from mail_settings',
    );
    const alone = createSecretBox([newer]);
    expect(rows.map(({ id, password }) => alone.open(password, mailPasswordPlace(id)))).toEqual(['clear', 'clear']);
    expect(alone.open(rows[0]!.password, mailPasswordPlace(rows[1]!.id))).toBeNull();
  });
});
