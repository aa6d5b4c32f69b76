import { getNamedType, type GraphQLArgument, type GraphQLInputField, isInputObjectType } from 'graphql';
import { readRootFields } from './root-fields';
import { type Scene, startScene } from './scene';

let scene: Scene;
/** The real check, with the development switch as it is by default: off. */
beforeAll(async () => {
  scene = await startScene({ withWorker: false, env: { BATON_ALLOW_LOOPBACK_TARGETS: 'false' } });
});
afterAll(() => scene.api.stop());

type Input = Readonly<Record<string, unknown>>;

/** Addresses that the server, or the browsers of other people, load by themselves: with a call that gives nothing else. */
const CHECKED: Readonly<Record<string, (url: string) => Input>> = {
  'createAgent.input.avatarUrl': (avatarUrl) => ({ workspaceId: scene.ids.workspace, displayName: 'New', avatarUrl }),
  'createOrganization.input.logoUrl': (logoUrl) => ({ workspaceId: scene.ids.workspace, name: 'New', logoUrl }),
  'createUser.input.avatarUrl': (avatarUrl) => ({
    ...{ workspaceId: scene.ids.workspace, workspaceRole: 'ADMIN', displayName: 'New', email: 'new@example.com' },
    ...{ password: 'a long enough password', avatarUrl },
  }),
  'registerPushSubscription.input.endpoint': (endpoint) => ({ endpoint, ...PUSH_KEYS }),
  'setAgentResponder.input.url': (url) => ({ agentId: scene.ids.agent, kind: 'WEBHOOK', secret: 's', url }),
  'updateAgent.input.avatarUrl': (avatarUrl) => ({ id: scene.ids.agent, avatarUrl }),
  'updateOrganization.input.branding.logoUrl': (logoUrl) => ({ id: scene.ids.organization, branding: { logoUrl } }),
  'updateUser.input.avatarUrl': (avatarUrl) => ({ id: scene.ids.operator, avatarUrl }),
};

/** Nobody's machine loads them unasked; why they are not checked. */
const LINKED: Readonly<Record<string, string>> = {
  'updateOrganization.input.branding.dashboardUrl': 'followed by a click; may be in the own network of a partner',
};

const PUSH_KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};

/** Paths of everything that takes an address. */
function urlPaths(input: GraphQLArgument | GraphQLInputField, above: string): string[] {
  const named = getNamedType(input.type);
  const path = `${above}.${input.name}`;
  if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => urlPaths(field, path));
  return named.name === 'URL' || /url$|endpoint$/i.test(input.name) ? [path] : [];
}

const UNSAFE = [
  'http://example.com/logo.png',
  'https://127.0.0.1/logo.png',
  'https://localhost/logo.png',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/logo.png',
  'https://[::1]/logo.png',
  'https://[::ffff:10.0.0.1]/logo.png',
  'https://2130706433/logo.png',
  'https://0x7f.1/logo.png',
];

describe('every input that takes an address', () => {
  it('is checked, or has a reason', async () => {
    const fields = await readRootFields(scene.people.owner);
    const paths = fields.flatMap(({ field }) => field.args.flatMap((arg) => urlPaths(arg, field.name)));
    expect(paths.sort()).toEqual([...Object.keys(CHECKED), ...Object.keys(LINKED)].sort());
  });

  it.each(Object.keys(CHECKED).map((path) => [path]))('refuses what is not public as UNSAFE_URL: %s', async (path) => {
    const [mutation = '', , ...steps] = path.split('.');
    for (const url of UNSAFE) {
      const { userErrors } = await scene.people.owner.attempt(mutation, CHECKED[path]!(url));
      expect({ url, userErrors }).toMatchObject({ url, userErrors: [{ code: 'UNSAFE_URL', path: steps }] });
    }
  });

  it('looks up no name for somebody who may not make the change', async () => {
    const unknown = 'https://no-such-name.invalid/logo.png';
    const ask = async (mutation: string, input: Input): Promise<string[]> =>
      scene.people.operator.refusals(mutation, input);
    const update = { id: scene.ids.organization, branding: { logoUrl: unknown } };
    expect(await ask('updateOrganization', update)).toEqual(['FORBIDDEN']);
    expect(await ask('updateAgent', { id: scene.ids.agent, avatarUrl: unknown })).toEqual(['FORBIDDEN']);
    expect(await ask('updateUser', { id: scene.ids.secondOperator, avatarUrl: unknown })).toEqual(['FORBIDDEN']);
    expect(await ask('updateUser', { id: scene.ids.otherMember, avatarUrl: unknown })).toEqual(['NOT_FOUND']);
    // Their own picture they may: now it is looked up.
    expect(await ask('updateUser', { id: scene.ids.operator, avatarUrl: unknown })).toEqual(['UNSAFE_URL']);
  });

  it('links to a dashboard in a network of the partner, and to nothing with a password or another scheme', async () => {
    const link = (dashboardUrl: string): Promise<string[]> =>
      scene.people.manager.refusals('updateOrganization', { id: scene.ids.organization, branding: { dashboardUrl } });
    expect(await link('https://user:password@example.com')).toEqual(['INVALID']);
    expect(await link('javascript:alert(1)')).toEqual(['INVALID']);
    expect(await link('http://dashboard.internal/')).toEqual([]);
  });
});
