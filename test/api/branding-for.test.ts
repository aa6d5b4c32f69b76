import { addScene, type Scene, startScene } from './scene';

interface Brand {
  readonly displayName: string;
  readonly primaryColor: string | null;
}

const BRANDING_FOR = 'query($host: String!) { brandingFor(host: $host) { displayName primaryColor } }';
const SET_HOSTS =
  'mutation($input: SetHostsInput!) { setHosts(input: $input) { hosts userErrors { code path message } } }';

let own: Scene;
let foreign: Scene;

beforeAll(async () => {
  own = await startScene({
    withWorker: false,
    env: { PUBLIC_URL: 'https://chat.baton.example', DASHBOARD_URL: 'https://Desk.baton.example/app' },
  });
  foreign = await addScene(own.api);
});
afterAll(() => own.api.stop());

/** As a page asks that nobody has signed in to. */
async function brandOf(host: string): Promise<Brand | null> {
  return (await own.nobody.ask<{ brandingFor: Brand | null }>(BRANDING_FOR, { host })).brandingFor;
}

const setHosts = (scene: Scene, change: object): Promise<unknown> =>
  scene.people.owner.ask(SET_HOSTS, { input: { workspaceId: scene.ids.workspace, ...change } });

describe('brandingFor', () => {
  it.each(['nobody.example', 'chat.baton.example', 'localhost', '127.0.0.1', '', '\0', 'a/b', 'x'.repeat(100_000)])(
    'of a host of nobody is null: %#',
    async (host) => {
      expect(await brandOf(host)).toBeNull();
    },
  );

  it('shows the organization, its workspace behind it, by any spelling of the host', async () => {
    const { organization, workspace } = own.ids;
    const { people } = own;
    await people.manager.act('updateOrganization', {
      id: organization,
      branding: { displayName: 'Bücherstube', primaryColor: '#112233' },
    });
    const answer = await setHosts(own, { organizationId: organization, hosts: ['Bücher.example', 'shop.example.com'] });
    expect(answer).toEqual({ setHosts: { hosts: ['shop.example.com', 'xn--bcher-kva.example'], userErrors: [] } });
    await setHosts(own, { workspaceId: workspace, hosts: ['partner.example'] });

    const brand = { displayName: 'Bücherstube', primaryColor: '#112233' };
    for (const host of ['shop.example.com', 'SHOP.example.com:8443', 'xn--BCHER-kva.example', 'bücher.example.']) {
      expect(await brandOf(host)).toEqual(brand);
    }
    expect(await brandOf('partner.example')).toEqual({ displayName: own.world.workspace.name, primaryColor: null });
    expect(await brandOf('other.example.com')).toBeNull();
    expect(await brandOf('a.shop.example.com')).toBeNull();
  });

  it('cannot be taken over: a host of somebody, and one of the server, stay what they are', async () => {
    await setHosts(own, { hosts: ['mine.example'] });
    const before = await brandOf('mine.example');
    expect(before).not.toBeNull();
    const hosts = ['free.example', 'Mine.example', 'desk.baton.example', 'CHAT.baton.example:443'];
    const { setHosts: answer } = (await setHosts(foreign, { hosts })) as {
      setHosts: { hosts: null; userErrors: { code: string; message: string }[] };
    };
    expect(answer.hosts).toBeNull();
    expect(answer.userErrors.length).toBeGreaterThan(0);
    for (const { code, message } of answer.userErrors) {
      expect([code, message]).toEqual(['CONFLICT', 'This host is in use already.']);
    }
    expect(JSON.stringify(answer)).not.toContain(own.world.workspace.name);
    expect(await brandOf('mine.example')).toEqual(before);
    expect(await brandOf('free.example')).toBeNull();
    expect(await brandOf('desk.baton.example')).toBeNull();
  });
});
