import { setTimeout as delay } from 'node:timers/promises';
import { type Scene, startScene, type Visit, write } from '../api/scene';
import { type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { cursorsOf, FEED_NAMES } from './log-rows';
import { type GraphqlSocket, openGraphqlSocket } from './graphql-socket';
import { ResumingFeed } from './resuming-feed';
import { type StatementWatch, watchStatements } from './statements';
import { range, until } from './support';

/** The channel of hints about the log: see src/realtime/postgres-hint-bus.ts. */
const CHANNEL = 'baton_log';
const MESSAGES = 15;

let scene: Scene;
let reader: Awaited<ReturnType<Scene['api']['startSecond']>>;
let visit: Visit;
let watch: StatementWatch = {};
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  reader = await scene.api.startSecond();
  watchStatements(reader.core.database.source, () => watch);
  visit = await scene.visit();
});
afterAll(async () => {
  await reader.stop();
  await scene.api.stop();
});

/** As anybody may who reaches the bus. */
async function notify(payload: string): Promise<void> {
  await scene.api.source.query('select pg_notify($1, $2)', [CHANNEL, payload]);
}

const hint = (position: number): string => JSON.stringify({ v: 1, position, n: Math.random() });

/** What becomes of the hints about positions that were published, oldest first. */
type Fault = (positions: readonly number[]) => readonly string[];

const FORGED = [
  hint(Number.MAX_SAFE_INTEGER),
  hint(1e300),
  hint(-5),
  hint(0.5),
  '{"v":1,"position":null}',
  '{"v":2,"position":1}',
  '{"v":1,"position":"7"}',
  'position 7',
  '[]',
  '',
];

const FAULTS: readonly [string, Fault][] = [
  ['lost, all of them', () => []],
  ['doubled', (positions) => positions.flatMap((position) => [hint(position), hint(position)])],
  ['told in the wrong order, again and again', (positions) => [...positions].reverse().map(hint)],
  ['forged, and the true ones lost', () => FORGED],
];

test.each(FAULTS)('hints that are %s: another process tells everything once and in order', async (name, fault) => {
  const { hints } = scene.api.core;
  const published: number[] = [];
  const publish = hints.publishLog.bind(hints);
  hints.publishLog = (position) => void published.push(position);
  const { ids, people, world } = scene;
  const feed = new ResumingFeed({
    url: () => reader.url,
    token: people.operator.token!,
    document: ORGANIZATION_EVENTS,
    id: ids.organization,
  });
  feed.start();
  await until('READY', () => feed.readies.length === 1);
  const after = feed.readies[0]!.cursor;
  for (let n = 1; n <= MESSAGES; n += 1) {
    await write(visit.visitor, visit.conversationId, `${name} ${String(n)}`);
    for (const payload of fault(published)) await notify(payload);
  }
  await until('the last message', () => feed.texts().includes(`${name} ${String(MESSAGES)}`));
  const scope = { column: 'organization_id', id: world.organization.id, names: FEED_NAMES, after } as const;
  await until('everything', async () => feed.items.length >= (await cursorsOf(scene.api.source, scope)).length);
  expect(feed.items.map(({ cursor }) => cursor)).toEqual(await cursorsOf(scene.api.source, scope));
  // It never was cut off either: a forged position is not taken for a log that was put back.
  expect(feed.readies).toHaveLength(1);
  await feed.stop();
  hints.publishLog = publish;
});

/** Three turns of the tail and of the sweep over access, which come every 2 s. */
const WINDOW_MS = 6000;
/** Each timer of the process may turn once more in one window than in another: tail, sweep, dispatcher, presence. */
const ONE_TURN_OF_ALL = 16;

async function statementsInWindow(): Promise<string[]> {
  const statements: string[] = [];
  watch = { before: (sql) => void statements.push(sql) };
  await delay(WINDOW_MS);
  watch = {};
  return statements;
}

test('fifty idle watchers cost no more statements than one', async () => {
  const { people, ids } = scene;
  const callers = [people.operator, people.secondOperator, people.owner, people.viewer];
  const join = async (n: number): Promise<GraphqlSocket> => {
    const socket = openGraphqlSocket(reader.url, callers[n % callers.length]!.token!);
    await socket.acknowledged;
    const feed = socket.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization });
    await until('READY', () => feed.items.length === 1);
    return socket;
  };
  const sockets = [await join(0)];
  const ofOne = await statementsInWindow();
  sockets.push(...(await Promise.all(range(1, 49).map(join))));
  const ofFifty = await statementsInWindow();
  expect(ofOne.length).toBeGreaterThan(3);
  expect(ofFifty.length).toBeLessThanOrEqual(ofOne.length + ONE_TURN_OF_ALL);
  for (const socket of sockets) socket.terminate();
});
