import { NOWHERE, API_KEY_SCOPES, type ApiKeyScope } from '../../src/domain/actor';
import { missingScopes, SCOPED_FIELDS } from '../../src/domain/policies/scope-policy';
import type { Caller, GraphqlResponse } from '../support/api-client';
import { readRootFields, type RootField } from './root-fields';
import { type Scene, startScene } from './scene';

let scene: Scene;
let fields: RootField[];
const keys = new Map<string, Caller>();
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  fields = await readRootFields(scene.nobody);
});
afterAll(() => scene.api.stop());

/** A key of the back end with these scopes, made over the API. */
async function keyWith(...scopes: ApiKeyScope[]): Promise<Caller> {
  const name = [...scopes].sort().join();
  const known = keys.get(name);
  if (known !== undefined) return known;
  const input = { workspaceId: scene.ids.workspace, name: `A key for ${name}`, scopes };
  const { secret } = await scene.people.owner.act('createApiKey', input);
  const caller = scene.nobody.as(secret!);
  keys.set(name, caller);
  return caller;
}

async function lackOf(caller: Caller, root: RootField): Promise<string | null> {
  const { errors } =
    root.kind === 'subscription' ? await follow(caller, root) : await caller.post(root.document, root.variables);
  const lack = errors?.find(({ message }) => message.includes('lacks the scope'));
  if (lack === undefined) return null;
  expect(lack.extensions).toEqual({ code: 'FORBIDDEN' });
  return /lacks the scope ([A-Z]+)/.exec(lack.message)?.[1] ?? null;
}

async function follow(caller: Caller, root: RootField): Promise<GraphqlResponse> {
  const stream = caller.subscribe(root.document, root.variables);
  // No id in it names anything, so that every stream ends with an error, whoever asks.
  const error = await stream.waitForError();
  await stream.stop();
  return { errors: [error] as GraphqlResponse['errors'] };
}

/** What the key would lack if it had none: the row of the table. */
function neededFor(field: string): ApiKeyScope[] {
  const principal = {
    kind: 'API_KEY',
    ...NOWHERE,
    workspaceId: '',
    keyId: '',
    agentId: null,
    scopes: [],
    secretVersion: 1,
  } as const;
  return missingScopes(principal, field);
}

describe('every root field — asked with a key of a back end', () => {
  it('has a row in the table of scopes', () => {
    expect(fields.map(({ field }) => field.name).sort()).toEqual([...SCOPED_FIELDS].sort());
  });

  it('is refused to a key that lacks one of its scopes, over HTTP and the socket, and to none that has them', async () => {
    // Of a person alone: the stream of a key would be open for ever.
    const asked = fields.filter(({ field }) => field.name !== 'notificationAdded');
    for (const root of asked) {
      const needed = neededFor(root.field.name);
      for (const scope of needed) {
        const others = API_KEY_SCOPES.filter((one) => one !== scope);
        expect([root.field.name, await lackOf(await keyWith(...others), root)]).toEqual([root.field.name, scope]);
      }
      expect([root.field.name, await lackOf(await keyWith(...needed), root)]).toEqual([root.field.name, null]);
    }
    expect(asked.flatMap(({ field }) => neededFor(field.name)).length).toBeGreaterThan(30);
  });
});

describe('a key without CONVERSATIONS', () => {
  const READERS: [string, string][] = [
    ['conversations of the workspace', '{ workspace { conversations { nodes { id } } } }'],
    ['handoffs of the workspace', '{ workspace { handoffs { nodes { id } } } }'],
    [
      'conversations of an organization',
      'query($id: ID!) { organization(id: $id) { conversations { nodes { id } } } }',
    ],
    ['handoffs of an organization', 'query($id: ID!) { organization(id: $id) { handoffs { nodes { id } } } }'],
    ['inquiries of an organization', 'query($id: ID!) { organization(id: $id) { inquiries { nodes { id } } } }'],
    [
      'conversations below what it may change',
      `mutation($id: ID!) { updateOrganization(input: { id: $id, name: "client" }) {
        organization { conversations { nodes { id } } } userErrors { code } } }`,
    ],
  ];

  it.each(READERS)('is refused the %s', async (_what, document) => {
    const variables = { id: scene.ids.organization };
    const key = await keyWith('SETTINGS', 'PEOPLE', 'KEYS');
    expect((await key.post(document, variables)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await scene.people.staffKey.post(document, variables)).errors).toBeUndefined();
  });

  it('finds no conversation and no visitor by id, and the settings of the workspace', async () => {
    const document = 'query($id: ID!) { node(id: $id) { id } }';
    const key = await keyWith();
    for (const id of [scene.ids.conversation, scene.ids.visitor]) {
      expect(await key.ask(document, { id })).toEqual({ node: null });
      expect(await scene.people.staffKey.ask(document, { id })).toEqual({ node: { id } });
    }
    for (const id of [scene.ids.agent, scene.ids.organization, scene.ids.operator]) {
      expect(await key.ask(document, { id })).toEqual({ node: { id } });
    }
  });
});

describe('a key that lacks a scope — gives nobody what it lacks', () => {
  const refusalsOf = async (caller: Caller, mutation: string, input: object): Promise<string[]> =>
    (await caller.attempt(mutation, { ...input })).userErrors.map(({ code, path }) => `${code} ${path.join('.')}`);

  it('makes and rotates no key that can do more than itself', async () => {
    const key = await keyWith('KEYS', 'SETTINGS');
    const { workspace: workspaceId, staffKey, agentKey, agent: agentId } = scene.ids;
    const create = (more: object): Promise<string[]> =>
      refusalsOf(key, 'createApiKey', { workspaceId, name: 'Mine', ...more });
    // Without scopes it would be one for everything.
    expect(await create({})).toEqual(['FORBIDDEN scopes']);
    expect(await create({ scopes: ['PEOPLE'] })).toEqual(['FORBIDDEN scopes']);
    expect(await create({ agentId })).toEqual(['FORBIDDEN agentId']);
    expect(await create({ scopes: ['KEYS', 'SETTINGS', 'KEYS'] })).toEqual([]);
    expect(await refusalsOf(key, 'rotateApiKey', { id: staffKey })).toEqual(['FORBIDDEN id']);
    expect(await refusalsOf(key, 'rotateApiKey', { id: agentKey })).toEqual(['FORBIDDEN id']);
  });

  it('makes nobody an admin, and gives members no permission beyond its scopes', async () => {
    const key = await keyWith('PEOPLE');
    const { workspace: workspaceId, organization: organizationId, viewer } = scene.ids;
    const person = { workspaceId, displayName: 'Eva', email: 'eva@example.com', password: 'a long enough password' };
    const create = (more: object): Promise<string[]> => refusalsOf(key, 'createUser', { ...person, ...more });
    expect(await create({ workspaceRole: 'ADMIN' })).toEqual(['FORBIDDEN workspaceRole']);
    const permissions = ['VIEW_CONVERSATIONS'];
    expect(await create({ organizationId, permissions })).toEqual(['FORBIDDEN permissions']);
    const wider = { id: viewer, permissions: ['VIEW_CONVERSATIONS', 'MANAGE_AGENT_SETTINGS'] };
    expect(await refusalsOf(key, 'updateUser', wider)).toEqual(['FORBIDDEN permissions']);
    expect(await create({ organizationId, permissions: ['MANAGE_MEMBERS'] })).toEqual([]);
  });

  it('is told so itself, and a runtime takes no scopes', async () => {
    const document = '{ viewer { ... on ApiKey { scopes } } }';
    const seen = async (caller: Caller): Promise<unknown> => caller.ask(document);
    expect(await seen(await keyWith('PEOPLE', 'CONVERSATIONS'))).toEqual({
      viewer: { scopes: ['CONVERSATIONS', 'PEOPLE'] },
    });
    // A key that was made without scopes can do what every key could before there were any.
    const before = { workspaceId: scene.ids.workspace, name: 'As before' };
    const { secret } = await scene.people.owner.act('createApiKey', before);
    expect(await seen(scene.nobody.as(secret!))).toEqual({ viewer: { scopes: [...API_KEY_SCOPES] } });
    expect(await seen(scene.people.agentKey)).toEqual({ viewer: { scopes: [] } });
    const runtime = { ...before, agentId: scene.ids.agent, scopes: ['CONVERSATIONS'] };
    expect(await refusalsOf(scene.people.owner, 'createApiKey', runtime)).toEqual(['INVALID scopes']);
  });
});
