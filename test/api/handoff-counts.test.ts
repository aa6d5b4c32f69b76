import { Client } from 'pg';
import type { Caller } from '../support/api-client';
import { addScene, eventually, request, type Scene, startScene } from './scene';

const COUNTS = `query($id: ID!) { organization(id: $id) { handoffCounts { waiting inProgress operatorsOnline } } }`;
const SIGNALS = `subscription($id: ID!) { organizationSignals(organizationId: $id) { __typename
  ... on HandoffCountsChanged { counts { waiting inProgress operatorsOnline } } } }`;

interface Counts {
  readonly waiting: number;
  readonly inProgress: number;
  readonly operatorsOnline: number;
}
interface CountsSignal {
  readonly counts: Counts;
}

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const countsOf = async (who: Caller, id: string): Promise<Counts> =>
  (await who.ask<{ organization: { handoffCounts: Counts } }>(COUNTS, { id })).organization.handoffCounts;

describe('handoff counts', () => {
  it('are refused to who may not read conversations, and to visitors and runtimes', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    await people.owner.act('updateUser', { id: ids.viewer, permissions: ['MANAGE_MEMBERS'] });
    const { errors } = await people.viewer.post(COUNTS, { id: ids.organization });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    for (const who of ['viewer', 'visitor', 'agentKey', 'otherMember'] as const) {
      const error = await people[who].subscribe(SIGNALS, { id: ids.organization }).waitForError();
      expect(error).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    }
  });

  it('follow what happens, each reader for the agents that they may see', async () => {
    const own = await addScene(scene.api);
    const { people, ids, world } = own;
    const feeds = (['operator', 'limited', 'owner', 'staffKey'] as const).map((who) =>
      people[who].subscribe<CountsSignal>(SIGNALS, { id: ids.organization }),
    );
    const [all, limited] = feeds as [(typeof feeds)[0], (typeof feeds)[0]];
    await Promise.all(feeds.map((feed) => feed.waitFor(({ counts }) => counts.waiting === 0)));
    // Whoever looks is online: with a socket, one by one.
    await all.waitFor(({ counts }) => counts.operatorsOnline === 3);

    const [first, second] = [await own.visit(), await own.visit(world.secondAgent)];
    const handoffId = await request(first);
    await request(second);
    await all.waitFor(({ counts }) => counts.waiting === 2);
    await limited.waitFor(({ counts }) => counts.waiting === 1);
    await people.operator.act('acceptHandoff', { handoffId });
    await all.waitFor(({ counts }) => counts.waiting === 1 && counts.inProgress === 1);
    await limited.waitFor(({ counts }) => counts.waiting === 0 && counts.inProgress === 1);
    await people.operator.act('setAvailability', { available: false });
    await all.waitFor(({ counts }) => counts.operatorsOnline === 2);
    await people.operator.act('transferHandoff', { handoffId, toUserId: null });
    await all.waitFor(({ counts }) => counts.waiting === 2 && counts.operatorsOnline === 2);

    expect(await countsOf(people.operator, ids.organization)).toEqual({
      waiting: 2,
      inProgress: 0,
      operatorsOnline: 2,
    });
    expect(await countsOf(people.limited, ids.organization)).toEqual({ waiting: 1, inProgress: 0, operatorsOnline: 2 });
    expect(limited.items.some(({ counts }) => counts.waiting > 1)).toBe(false);
    await Promise.all(feeds.map((feed) => feed.stop()));
  });

  it('are read once for everybody who looks, however much happens, and not at all when nobody does', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const counted = watchCounting();
    const feeds = Array.from({ length: 12 }, (_, n) =>
      (n % 2 ? people.operator : people.secondOperator).subscribe<CountsSignal>(SIGNALS, { id: ids.organization }),
    );
    await Promise.all(feeds.map((feed) => feed.waitFor(({ counts }) => counts.operatorsOnline === 2)));
    const before = counted.times.length;
    const began = Date.now();
    const visits = await Promise.all(Array.from({ length: 10 }, () => own.visit()));
    for (const visit of visits) await request(visit);
    await Promise.all(feeds.map((feed) => feed.waitFor(({ counts }) => counts.waiting === 10)));
    // One in each second that it took, and one for what is left of the last.
    const seconds = Math.ceil((Date.now() - began) / 1000);
    expect(counted.times.length - before).toBeLessThanOrEqual(seconds + 1);
    for (const feed of feeds) {
      const texts = feed.items.map(({ counts }) => JSON.stringify(counts));
      expect(texts.filter((text, index) => text === texts[index - 1])).toEqual([]);
      await feed.stop();
    }
    // Once the last one has gone, nothing is kept up: the next one is counted for.
    await eventually(
      async () => {
        const known = counted.times.length;
        const feed = people.operator.subscribe<CountsSignal>(SIGNALS, { id: ids.organization });
        await feed.waitFor(({ counts }) => counts.waiting === 10);
        await feed.stop();
        return counted.times.length - known;
      },
      (times) => times === 1,
    );
    counted.stop();
  });
});

/** When the statement that counts was sent, by whomever in this process. */
function watchCounting(): { readonly times: readonly number[]; stop(): void } {
  const times: number[] = [];
  const { query } = Client.prototype;
  Client.prototype.query = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | undefined)?.text;
    if (String(text).includes('"operatorsOnline"')) times.push(Date.now());
    return Reflect.apply(query, this, args);
  } as typeof query;
  return {
    times,
    stop: () => {
      Client.prototype.query = query;
    },
  };
}
