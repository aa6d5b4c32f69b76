import { setAgentResponder } from '../../../src/commands/agent/set-agent-responder';
import { Agent } from '../../../src/entities/agent';
import { responderSecretPlace } from '../../../src/domain/secrets';
import { testSecrets } from '../../support/secrets';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

/** The clear text of what is stored. */
const secretOf = async (id: string): Promise<string | null> =>
  testSecrets.open((await stored(id)).responderSecret ?? '', responderSecretPlace(id));
const stored = (id: string): Promise<Agent> => database.source.manager.findOneByOrFail(Agent, { id });

describe('setAgentResponder', () => {
  const asked: string[] = [];
  const dependencies = {
    checkTarget: (url: string): Promise<null | { message: string }> => {
      asked.push(url);
      return Promise.resolve(url.includes('internal') ? { message: 'Not there.' } : null);
    },
    sealSecret: (clear: string, place: string): string => testSecrets.seal(clear, place),
  };
  const model = { kind: 'OPENAI_COMPATIBLE', url: 'https://api.example.com/v1', model: 'small' } as const;
  beforeEach(() => {
    asked.length = 0;
  });

  it('without MANAGE_AGENT_SETTINGS is forbidden, and the URL is not even looked at', async () => {
    const outcome = await setAgentResponder(
      database,
      world.operator.principal,
      { agentId: world.agent.id, ...model },
      dependencies,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN agentId']);
    expect(asked).toEqual([]);
  });

  it.each([
    [{ kind: 'OPENAI_COMPATIBLE' }, ['url', 'model']],
    [{ kind: 'WEBHOOK', model: 'small' }, ['url', 'model', 'secret']],
    [{ kind: 'WEBHOOK', url: 'https://example.com/hook', secret: '' }, ['secret']],
    [{ kind: 'SCRIPTED', url: 'https://example.com' }, ['url']],
    [{ kind: 'NONE', secret: 'x' }, ['secret']],
    [{ ...model, secret: 'key\r\nX-Evil: 1' }, ['secret']],
  ] as const)('with %j is invalid', async (input, fields) => {
    const outcome = await setAgentResponder(
      database,
      world.owner.principal,
      { agentId: world.agent.id, ...input },
      dependencies,
    );
    expect(codes(outcome)).toEqual(fields.map((field) => `INVALID ${field}`));
    expect(await stored(world.agent.id)).toEqual(world.agent);
  });

  it('with a URL that the server will not call is UNSAFE_URL', async () => {
    const input = { agentId: world.agent.id, ...model, url: 'https://internal.example.com' };
    const outcome = await setAgentResponder(database, world.owner.principal, input, dependencies);
    expect(outcome.refusals).toEqual([{ code: 'UNSAFE_URL', message: 'Not there.', path: ['url'] }]);
    expect((await stored(world.agent.id)).responderKind).toBe('NONE');
  });

  it('stores the choice as a whole', async () => {
    const input = { agentId: world.agent.id, ...model, instructions: 'Be kind.\nBe short.', secret: 'sk-1' };
    accepted(await setAgentResponder(database, world.manager.principal, input, dependencies));
    expect(await stored(world.agent.id)).toMatchObject({
      responderKind: 'OPENAI_COMPATIBLE',
      responderUrl: model.url,
      responderModel: 'small',
      responderInstructions: 'Be kind.\nBe short.',
      responderSecret: expect.stringMatching(/^sealed:/) as string,
      version: 2,
    });
    expect(await secretOf(world.agent.id)).toBe('sk-1');
    accepted(
      await setAgentResponder(
        database,
        world.manager.principal,
        { agentId: world.agent.id, kind: 'API' },
        dependencies,
      ),
    );
    expect(await stored(world.agent.id)).toMatchObject({
      responderKind: 'API',
      responderUrl: null,
      responderModel: null,
      responderInstructions: null,
      responderSecret: null,
    });
  });

  it('keeps the secret when it is left out, but never sends it to another host, and null takes it away', async () => {
    const input = { agentId: world.agent.id, ...model };
    const set = (change: object): ReturnType<typeof setAgentResponder> =>
      setAgentResponder(database, world.owner.principal, { ...input, ...change }, dependencies);
    accepted(await set({ secret: 'sk-1' }));
    accepted(await set({ url: 'https://api.example.com/v2' }));
    expect(await secretOf(world.agent.id)).toBe('sk-1');

    expect(codes(await set({ url: 'https://evil.example.net/v1' }))).toEqual(['INVALID secret']);
    expect((await stored(world.agent.id)).responderUrl).toBe('https://api.example.com/v2');

    accepted(await set({ url: 'https://evil.example.net/v1', secret: null }));
    expect((await stored(world.agent.id)).responderSecret).toBeNull();
  });
});
