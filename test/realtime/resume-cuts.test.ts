import { randomUUID } from 'node:crypto';
import { CONVERSATION_EVENTS, ORGANIZATION_EVENTS, WORKSPACE_EVENTS } from '../support/documents';
import { type Scene, startScene, type Visit, write } from '../api/scene';
import { decodePublicId } from '../../src/domain/public-id';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy';
import { CONVERSATION_NAMES, cursorsOf, FEED_NAMES } from './log-rows';
import { ResumingFeed } from './resuming-feed';
import { seededRandom, until } from './support';

const SEED = 20_261_126;
/** Of the three feeds together. */
const CUTS = 500;
/** In messages. A feed that falls 300 events behind would rightly not be recovered; each message makes two or three. */
const MOST_BEHIND = 12;
/** Of 501 connections, on a machine that does other things. */
const TIME_LIMIT_MS = 500_000;

let scene: Scene;
let second: Awaited<ReturnType<Scene['api']['startSecond']>>;
let visits: Visit[];
let watched: Watched[] = [];
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  second = await scene.api.startSecond();
  const { agent, secondAgent, unassignedAgent } = scene.world;
  visits = await Promise.all([agent, agent, secondAgent, unassignedAgent].map((each) => scene.visit(each)));
});
afterEach(async () => {
  for (const { feed, proxy } of watched) {
    await feed.stop();
    proxy.close();
  }
});
afterAll(async () => {
  await second.stop();
  await scene.api.stop();
});

interface Watched {
  readonly feed: ResumingFeed;
  readonly proxy: CuttingProxy;
  /** Which of the visits it tells of. */
  readonly visits: readonly Visit[];
  readonly scope: Omit<Parameters<typeof cursorsOf>[1], 'after'>;
}

/** The three kinds of feeds, each through a proxy of its own to whichever process `url` names. */
async function watchAll(url: () => string): Promise<Watched[]> {
  const { people, ids, world } = scene;
  const [first] = visits as [Visit, ...Visit[]];
  const conversation = decodePublicId('conversation', first.conversationId)!;
  const watch = async (
    of: { token: string; document: string; id: string },
    told: Pick<Watched, 'visits' | 'scope'>,
  ): Promise<Watched> => {
    const proxy = await startCuttingProxy(url);
    const feed = new ResumingFeed({ ...of, url: () => proxy.url });
    feed.start();
    await until('READY', () => feed.readies.length === 1);
    return { ...told, feed, proxy };
  };
  return Promise.all([
    watch(
      { token: first.visitor.token!, document: CONVERSATION_EVENTS, id: first.conversationId },
      { visits: [first], scope: { column: 'conversation_id', id: conversation, names: CONVERSATION_NAMES } },
    ),
    watch(
      { token: people.operator.token!, document: ORGANIZATION_EVENTS, id: ids.organization },
      {
        visits: visits.slice(0, 3),
        scope: { column: 'organization_id', id: world.organization.id, names: FEED_NAMES },
      },
    ),
    watch(
      { token: people.owner.token!, document: WORKSPACE_EVENTS, id: ids.workspace },
      { visits, scope: { column: 'workspace_id', id: world.workspace.id, names: FEED_NAMES } },
    ),
  ]);
}

/** Each visitor writes one message after the other until `isDone`, unless a feed is too far behind already. */
async function writeUntil(isDone: () => boolean): Promise<void> {
  const written = new Map(visits.map((visit) => [visit, 0]));
  const behind = ({ feed, visits: told }: Watched): number =>
    told.reduce((sum, visit) => sum + written.get(visit)!, 0) - feed.messages;
  await Promise.all(
    visits.map(async (visit, index) => {
      while (!isDone()) {
        const n = written.get(visit)! + 1;
        written.set(visit, n);
        await write(visit.visitor, visit.conversationId, `${String(index)}: ${randomUUID()}`);
        await until('nobody too far behind', () => watched.every((each) => behind(each) < MOST_BEHIND), TIME_LIMIT_MS);
      }
    }),
  );
}

/** One more message each, which comes last: whatever was to come has come before it. */
async function expectExact(): Promise<void> {
  await Promise.all(visits.map((visit) => write(visit.visitor, visit.conversationId, `last ${randomUUID()}`)));
  for (const { feed, scope } of watched) {
    const expected = async (): Promise<string[]> =>
      cursorsOf(scene.api.source, { ...scope, after: feed.readies[0]!.cursor });
    const last = (await until('the log', async () => (await outboxIsEmpty()) && (await expected()))) as string[];
    await until('the last', () => feed.items.some(({ cursor }) => cursor === last.at(-1)));
    expect(feed.items.map(({ cursor }) => cursor)).toEqual(last);
    expect(feed.readies.slice(1).every(({ recovered }) => recovered)).toBe(true);
    expect(feed.errors).toEqual([]);
  }
}

async function outboxIsEmpty(): Promise<boolean> {
  const [{ count }] = await scene.api.source.query('select count(*)::int as count from outbox');
  return count === 0;
}

test(
  '500 cuts at random bytes while visitors write: three feeds, each exactly what the log has',
  async () => {
    const random = seededRandom(SEED);
    watched = await watchAll(() => scene.api.url);
    const cuts = (): number => watched.reduce((sum, { proxy }) => sum + proxy.cuts, 0);
    for (const { proxy } of watched) {
      // From within the answer to the upgrade on, through the acknowledgement, READY and the replay into what is live.
      proxy.cutAfter = () => (cuts() < CUTS ? 1 + random(1400) : Number.POSITIVE_INFINITY);
    }
    for (const { feed } of watched) feed.reconnect();
    await writeUntil(() => cuts() >= CUTS);
    await expectExact();
    for (const { proxy, feed } of watched) {
      expect(proxy.cuts).toBeGreaterThan(CUTS / 10);
      expect(feed.readies.length).toBeGreaterThan(proxy.cuts / 4);
    }
  },
  TIME_LIMIT_MS,
);

test(
  'a client that changes between two processes at each cut, one of which hears no hints: nothing is lost',
  async () => {
    await second.core.hints.stop();
    const random = seededRandom(SEED);
    let connections = 0;
    watched = await watchAll(() => [scene.api.url, second.url][(connections += 1) % 2]!);
    // Few: where no hint comes, the next event may take the 2 s until the process looks by itself.
    for (const { proxy } of watched) proxy.cutAfter = () => (proxy.cuts < 8 ? 400 + random(600) : Infinity);
    for (const { feed } of watched) feed.reconnect();
    await writeUntil(() => watched.every(({ proxy }) => proxy.cuts >= 8));
    await expectExact();
  },
  TIME_LIMIT_MS,
);
