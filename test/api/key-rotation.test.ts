import { ApiKey } from '../../src/entities/api-key';
import { Caller, type Subscribed } from '../support/api-client';
import { AGENT_TURNS } from '../support/documents';
import { eventually, type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
afterAll(() => scene.api.stop());

const row = (): Promise<ApiKey> => scene.api.source.manager.findOneByOrFail(ApiKey, { id: scene.world.agentKey.id });
const change = (values: Partial<ApiKey>): Promise<unknown> =>
  scene.api.source.manager.update(ApiKey, { id: scene.world.agentKey.id }, values);
const viewerOf = async (caller: Caller): Promise<unknown> => {
  const { viewer } = await caller.ask<{ viewer: { id: string } | null }>('{ viewer { ... on ApiKey { id } } }');
  return viewer?.id ?? null;
};
const rotate = async (overlapSeconds?: number): Promise<Caller> => {
  const input = { id: scene.ids.agentKey, overlapSeconds };
  return scene.nobody.as((await scene.people.owner.act('rotateApiKey', input)).secret!);
};

/** Resolves when the socket is acknowledged. */
async function connect(caller: Caller): Promise<Subscribed<unknown>> {
  const stream = caller.subscribe(AGENT_TURNS, { id: scene.ids.agent });
  await new Promise((resolve) => stream.client.on('connected', resolve));
  return stream;
}

const LIST = `query($after: String) { workspace { apiKeys(first: 1, after: $after) { pageInfo { hasNextPage endCursor }
  nodes { id name scopes agent { displayName } lastUsedAt formerSecretExpiresAt } } } }`;

describe('Workspace.apiKeys', () => {
  it('is for staff alone', async () => {
    for (const who of ['manager', 'agentKey'] as const) {
      const { errors } = await scene.people[who].post(LIST);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  it('lists the keys of the workspace page by page, and no secret', async () => {
    const found: unknown[] = [];
    let after: string | null = null;
    do {
      const data: {
        workspace: { apiKeys: { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: object[] } };
      } = await scene.people.admin.ask(LIST, { after });
      const { pageInfo, nodes } = data.workspace.apiKeys;
      found.push(...nodes);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toMatchObject([
      { id: scene.ids.agentKey, name: 'runtime', scopes: [], agent: { displayName: 'Ada' } },
      { id: scene.ids.staffKey, scopes: ['CONVERSATIONS', 'SETTINGS', 'PEOPLE', 'KEYS'], agent: null },
    ]);
  });
});

describe('rotateApiKey', () => {
  it.each(['manager', 'agentKey', 'visitor'] as const)('says NOT_FOUND to the %s', async (who) => {
    expect(await scene.people[who].refusals('rotateApiKey', { id: scene.ids.agentKey })).toEqual(['NOT_FOUND']);
  });

  it.each([-1, 604_801])('refuses an overlap of %s seconds', async (overlapSeconds) => {
    const input = { id: scene.ids.agentKey, overlapSeconds };
    expect(await scene.people.owner.refusals('rotateApiKey', input)).toEqual(['INVALID']);
  });

  it('lets both secrets work, with their sockets, until the overlap is over, and then the new one alone', async () => {
    const second = await scene.api.startSecond();
    const on = (caller: Caller): Caller[] => [caller, new Caller(second.url, caller.token)];
    const former = scene.people.agentKey;
    const old = await Promise.all(on(former).map(connect));
    try {
      const fresh = await rotate();
      const { prefix, secretVersion, formerSecretExpiresAt } = await row();
      expect(fresh.token!.startsWith(`${prefix}_`)).toBe(true);
      expect(secretVersion).toBe(2);
      expect(formerSecretExpiresAt!.getTime() - Date.now()).toBeGreaterThan(23 * 3_600_000);
      for (const caller of [...on(former), ...on(fresh)]) expect(await viewerOf(caller)).toBe(scene.ids.agentKey);
      const [kept, late] = [await Promise.all(on(fresh).map(connect)), await connect(former)];

      await change({ formerSecretExpiresAt: new Date() });
      for (const caller of on(former)) expect(await viewerOf(caller)).toBeNull();
      // Whoever came with the present secret was asked about in the same statement, and stays.
      for (const stream of [...old, late]) expect(await stream.waitForError()).toMatchObject({ code: 4401 });
      for (const stream of kept) expect(stream.errors).toEqual([]);
      for (const caller of on(fresh)) expect(await viewerOf(caller)).toBe(scene.ids.agentKey);
      await Promise.all([...old, late, ...kept].map((stream) => stream.stop()));
    } finally {
      await second.stop();
    }
  });

  it('ends the secret before the last at once, and with an overlap of 0 the last too', async () => {
    const [first, second] = [await rotate(), await rotate()];
    const third = await rotate();
    expect(await viewerOf(first)).toBeNull();
    expect(await viewerOf(second)).toBe(scene.ids.agentKey);
    const fourth = await rotate(0);
    expect([await viewerOf(second), await viewerOf(third)]).toEqual([null, null]);
    expect(await viewerOf(fourth)).toBe(scene.ids.agentKey);
  });

  it('is CONFLICT for a key that has ended', async () => {
    for (const end of [{ revokedAt: new Date() }, { revokedAt: null, expiresAt: new Date() }]) {
      await change(end);
      expect(await scene.people.owner.refusals('rotateApiKey', { id: scene.ids.agentKey })).toEqual(['CONFLICT']);
    }
    await change({ revokedAt: null, expiresAt: null });
  });
});

describe('the last use of a key', () => {
  it('is recorded by every process, to the minute, and while a socket is open', async () => {
    const caller = await rotate();
    const second = await scene.api.startSecond();
    const longAgo = new Date('2020-01-01');
    try {
      await change({ lastUsedAt: longAgo });
      await new Caller(second.url, caller.token).ask('{ viewer { __typename } }');
      const used = (await row()).lastUsedAt!;
      expect(used.getTime()).toBeGreaterThan(longAgo.getTime());
      await caller.ask('{ viewer { __typename } }');
      expect((await row()).lastUsedAt).toEqual(used);

      const open = await connect(caller);
      await change({ lastUsedAt: longAgo });
      await eventually(row, ({ lastUsedAt }) => lastUsedAt!.getTime() > longAgo.getTime());
      await open.stop();
    } finally {
      await second.stop();
    }
  });
});
