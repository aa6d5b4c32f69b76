import { randomUUID } from 'node:crypto';
import { decodePublicId } from '../../src/domain/public-id';
import { type Scene, startScene, type Visit, write } from '../api/scene';
import type { EventView } from '../support/documents';
import { createTestDatabase } from '../support/test-database';
import { startCuttingProxy } from './cutting-proxy';
import { type GraphqlSocket, openGraphqlSocket, type Operation } from './graphql-socket';
import { CONVERSATION_NAMES, cursorsOf } from './log-rows';
import { connect, follow, startTestServer } from './socket-support';
import { writeEvents } from './stream-support';
import { range, until } from './support';

/** Told five times in each frame: what the operating system buffers for one socket, some MiB, is soon full. */
const TEXT = 'Long. '.repeat(700);
const LARGE_EVENTS = `subscription($id: ID!, $after: Cursor) { conversationEvents(conversationId: $id, after: $after) {
  __typename ... on StreamReady { cursor recovered replayed }
  ... on ConversationChanged { cursor conversation { id } }
  ... on MessageAdded { cursor message { id text second: text third: text fourth: text fifth: text } } } }`;
const BATCH = 200;
/** Of 21 KB: 42 MB, beyond every bound. Who is not closed by then is kept for ever. */
const MOST_MESSAGES = 2000;
const MOST_REPLAYED = 300;
const TIME_LIMIT_MS = 120_000;

let scene: Scene;
let visit: Visit;
const sockets: GraphqlSocket[] = [];
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  visit = await scene.visit();
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await scene.api.stop();
});

interface Reader {
  readonly socket: GraphqlSocket;
  readonly feed: Operation<EventView>;
}

async function read(token: string, after: string | null): Promise<Reader> {
  const socket = openGraphqlSocket(scene.api.url, token);
  sockets.push(socket);
  await socket.acknowledged;
  const feed = socket.subscribe<EventView>(LARGE_EVENTS, { id: visit.conversationId, after });
  await until('READY', () => feed.items.length > 0);
  return { socket, feed };
}

/** The first message of the conversation once more and again, as if each had just been written. */
async function repeatFirst(count: number): Promise<void> {
  await scene.api.source.query(
    `insert into outbox (name, workspace_id, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot)
     select name, workspace_id, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot
     from (select * from events where name = 'MESSAGE_ADDED' and conversation_id = $1 order by position limit 1) e,
       generate_series(1, $2)`,
    [decodePublicId('conversation', visit.conversationId), count],
  );
  scene.api.core.database.afterCommit();
}

function cursorsAfter(after: string): Promise<string[]> {
  const id = decodePublicId('conversation', visit.conversationId)!;
  return cursorsOf(scene.api.source, { column: 'conversation_id', id, names: CONVERSATION_NAMES, after });
}

const cursorsIn = ({ feed }: Reader): string[] => feed.items.slice(1).map(({ cursor }) => cursor);

test(
  'one who stops reading is closed with 4008, one who reads gets everything, and both go on',
  async () => {
    const good = await read(scene.people.operator.token!, null);
    const start = good.feed.items[0]!.cursor;
    const slow = await read(visit.visitor.token!, null);
    await visit.visitor.act('sendMessage', {
      conversationId: visit.conversationId,
      clientNonce: 'large',
      text: TEXT,
    });
    await until('the first message', () => [good, slow].every((reader) => cursorsIn(reader).length === 1));
    slow.socket.pause();
    for (let sent = 0; sent < MOST_MESSAGES; sent += BATCH) {
      const before = cursorsIn(good).length;
      await repeatFirst(BATCH);
      await until('a batch', () => cursorsIn(good).length >= before + BATCH);
    }
    slow.socket.resume();
    expect(await slow.socket.closed).toBe(4008);
    // What it was given is where the log begins, without a hole.
    const all = await cursorsAfter(start);
    const had = cursorsIn(slow);
    expect(had).toEqual(all.slice(0, had.length));
    expect(had.length).toBeLessThan(all.length);
    expect(cursorsIn(good)).toEqual(all);
    expect(good.socket.isClosed()).toBe(false);

    const behind = all.length - had.length;
    const again = await read(visit.visitor.token!, had.at(-1)!);
    expect(again.feed.items[0]).toMatchObject({ recovered: behind <= MOST_REPLAYED });
    // One that is not further behind than is replayed gets just that.
    const near = await read(visit.visitor.token!, all.at(-MOST_REPLAYED - 1)!);
    await until('the replay', () => cursorsIn(near).length >= MOST_REPLAYED);
    expect(near.feed.items[0]).toMatchObject({ recovered: true, replayed: MOST_REPLAYED });
    await write(visit.visitor, visit.conversationId, 'last');
    await until('the last', () =>
      [again, near, good].every(({ feed }) => feed.items.some(({ message }) => message?.text === 'last')),
    );
    const rest = (await cursorsAfter(start)).slice(all.length - MOST_REPLAYED);
    await until('all of it', () => cursorsIn(near).length >= rest.length);
    expect(cursorsIn(near)).toEqual(rest);
    expect(again.feed.errors).toEqual([]);
  },
  TIME_LIMIT_MS,
);

test('a peer behind a cable that was pulled is cut by the keep-alive; others go on, and it resumes exactly', async () => {
  const database = await createTestDatabase();
  const server = await startTestServer({ databaseUrl: database.url, server: { keepAliveMs: 1000 } });
  const proxy = await startCuttingProxy(() => server.url.replace('ws', 'http'));
  const place = { workspaceId: randomUUID(), conversationId: randomUUID() };
  const [far, near] = [connect(proxy.url.replace('http', 'ws')), connect(server.url)];
  const [lost, kept] = [follow(far, place.conversationId), follow(near, place.conversationId)];
  await until('READY', () => lost.ready.length > 0 && kept.ready.length > 0);
  proxy.isSwallowing = true;
  await writeEvents(server.process, place, 1, 5);
  await until('the cut', () => server.sockets.connections() === 1);
  proxy.isSwallowing = false;
  await writeEvents(server.process, place, 6, 5);
  await until('everything', () => lost.numbers.length >= 10 && kept.numbers.length >= 10);
  expect([lost.numbers, kept.numbers]).toEqual([range(1, 10), range(1, 10)]);
  expect([lost.ready.length, kept.ready.length]).toEqual([2, 1]);
  for (const client of [far, near]) await client.dispose();
  proxy.close();
  await server.close();
  await database.drop();
});
