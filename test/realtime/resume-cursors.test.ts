import { randomUUID } from 'node:crypto';
import { decodePublicId } from '../../src/domain/public-id';
import { decodeCursor, encodeCursor } from '../../src/realtime/cursor';
import { addScene, readConversation, type Scene, startScene, type Visit, write } from '../api/scene';
import { CONVERSATION_EVENTS, type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { type GraphqlSocket, openGraphqlSocket, type Operation } from './graphql-socket';
import { until } from './support';

/** Further behind than this is not replayed: what the contract promises. */
const MOST_REPLAYED = 300;

let base: Scene;
let scene: Scene;
let visit: Visit;
const sockets: GraphqlSocket[] = [];
beforeAll(async () => {
  base = await startScene({ withWorker: false });
});
beforeEach(async () => {
  scene = await addScene(base.api);
  visit = await scene.visit();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await base.api.stop();
});

async function open(token: string): Promise<GraphqlSocket> {
  const socket = openGraphqlSocket(base.api.url, token);
  sockets.push(socket);
  await socket.acknowledged;
  return socket;
}

/** The organization's feed at its first item. */
async function joinOrganization(after: string | null, document = ORGANIZATION_EVENTS): Promise<Operation<EventView>> {
  const socket = await open(scene.people.operator.token!);
  const feed = socket.subscribe<EventView>(document, { id: scene.ids.organization, after });
  await until('READY', () => feed.items.length > 0);
  return feed;
}

const say = (text: string): Promise<unknown> => write(visit.visitor, visit.conversationId, text);
const textsOf = ({ items }: Operation<EventView>): string[] =>
  items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
const seen = (feed: Operation<EventView>, text: string): Promise<boolean> =>
  until(text, () => textsOf(feed).includes(text));

/** The log as the database has it. */
async function log(): Promise<{ id: string; position: number }> {
  const [row] = await base.api.source.query('select log_id as id, position::int from event_log');
  return row;
}

/** A cursor from before the messages that it returns with, all of them in the log. */
async function written(...texts: string[]): Promise<string> {
  const live = await joinOrganization(null);
  for (const text of texts) await say(text);
  await seen(live, texts.at(-1)!);
  return live.items[0]!.cursor;
}

async function expectLiveOnly(after: string, document?: string): Promise<void> {
  const feed = await joinOrganization(after, document);
  expect(feed.items[0]).toMatchObject({ __typename: 'StreamReady', recovered: false, replayed: 0 });
  expect(feed.items[0]!.cursor).not.toBe(after);
  const later = `later ${randomUUID()}`;
  await say(later);
  await seen(feed, later);
  expect(textsOf(feed)).toEqual([later]);
  expect(feed.errors).toEqual([]);
  // Where it goes on from is a good place.
  const next = await joinOrganization(feed.items[0]!.cursor);
  await seen(next, later);
  expect(next.items[0]).toMatchObject({ recovered: true });
  expect(textsOf(next)).toEqual([later]);
}

/** The same events once more behind what the log has, with what it takes to be shown. */
async function repeatNewest(count: number): Promise<void> {
  await base.api.source.query(
    `insert into outbox (name, workspace_id, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot)
     select name, workspace_id, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot
     from (select * from events where name = 'MESSAGE_ADDED' and conversation_id = $1 order by position desc limit 1) e,
       generate_series(1, $2)`,
    [decodePublicId('conversation', visit.conversationId), count],
  );
  base.api.core.database.afterCommit();
  await until('dispatched', async () => {
    const [{ count: left }] = await base.api.source.query('select count(*)::int as count from outbox');
    return left === 0;
  });
}

describe('a cursor', () => {
  it.each<[string, (good: string) => Promise<string>]>([
    ['made up', () => Promise.resolve('made-up')],
    ['empty', () => Promise.resolve('')],
    ['changed in one bit', (good) => Promise.resolve(flipped(good))],
    ['of a version to come', (good) => Promise.resolve(withVersion(good, 2))],
    ['of another log', async () => encodeCursor(randomUUID(), (await log()).position)],
    ['of the future', async () => encodeCursor((await log()).id, (await log()).position + 1000)],
    ['of the far future', async () => encodeCursor((await log()).id, Number.MAX_SAFE_INTEGER)],
  ])('that is %s: nothing is recovered and nothing replayed, live from now on', async (_, make) => {
    const good = await written('before');
    await expectLiveOnly(await make(good));
  });

  it('300 events behind: all of them; 301 behind: none', async () => {
    const cursor = await written('many');
    const from = await joinOrganization(cursor);
    await seen(from, 'many');
    const behind = async (count: number): Promise<Operation<EventView>> => {
      const newest = await joinOrganization(null);
      await repeatNewest(count);
      return joinOrganization(newest.items[0]!.cursor);
    };
    const full = await behind(MOST_REPLAYED);
    expect(full.items[0]).toMatchObject({ recovered: true, replayed: MOST_REPLAYED });
    await until('all', () => full.items.length > MOST_REPLAYED);
    expect(new Set(full.items.map((item) => item.cursor)).size).toBe(MOST_REPLAYED + 1);
    const late = await behind(MOST_REPLAYED + 1);
    await say('live');
    await seen(late, 'live');
    expect(late.items[0]).toMatchObject({ recovered: false, replayed: 0 });
    expect(textsOf(late)).toEqual(['live']);
    expect(textsOf(full)).toHaveLength(MOST_REPLAYED + MOST_REPLAYED + 2);
  });

  it('of an event in another scope is a place in the one log, and works exactly', async () => {
    const other = await scene.visit(scene.world.otherAgent);
    const socket = await open(scene.people.otherMember.token!);
    const foreign = socket.subscribe<EventView>(ORGANIZATION_EVENTS, { id: scene.ids.otherOrganization });
    await until('READY', () => foreign.items.length > 0);
    await say('before');
    await write(other.visitor, other.conversationId, 'of others');
    await until('its event', () => textsOf(foreign).includes('of others'));
    const { cursor } = foreign.items.find(({ message }) => message?.text === 'of others')!;
    await say('after');
    const feed = await joinOrganization(cursor);
    await seen(feed, 'after');
    expect(feed.items[0]).toMatchObject({ recovered: true });
    expect(textsOf(feed)).toEqual(['after']);
    // The same place for the conversation's own stream, and the place that a query tells.
    const { streamCursor } = await readConversation(scene.people.operator, visit.conversationId);
    const own = await open(visit.visitor.token!);
    const [late, now] = [cursor, streamCursor].map((after) =>
      own.subscribe<EventView>(CONVERSATION_EVENTS, { id: visit.conversationId, after }),
    ) as [Operation<EventView>, Operation<EventView>];
    await say('last');
    await seen(late, 'last');
    await seen(now, 'last');
    expect([textsOf(late), textsOf(now)]).toEqual([['after', 'last'], ['last']]);
  });

  it('of what has been pruned since: nothing, and one from where the log begins now: everything', async () => {
    const pruned = await written('pruned');
    const kept = await written('kept');
    await base.api.source.query(
      `with gone as (delete from events where position <= $1) update event_log set pruned_position = $1`,
      [decodeCursor(kept)!.position],
    );
    // Another text is another group, which remembers nothing; the group of before still has all of it.
    await expectLiveOnly(pruned, `${ORGANIZATION_EVENTS} # anew`);
    const remembered = await joinOrganization(pruned);
    await seen(remembered, 'kept');
    expect(textsOf(remembered).slice(0, 2)).toEqual(['pruned', 'kept']);
    const feed = await joinOrganization(kept, `${ORGANIZATION_EVENTS} # anew`);
    await seen(feed, 'kept');
    expect(feed.items[0]).toMatchObject({ recovered: true });
  });
});

describe('a database that was put back to an earlier state', () => {
  /** Behind the servers' backs; resolves once `live` was told by the end of its socket. */
  async function change(sql: string, parameters: unknown[] = []): Promise<number[]> {
    const watching = await Promise.all([open(scene.people.operator.token!), open(visit.visitor.token!)]);
    const feeds = [
      watching[0].subscribe<EventView>(ORGANIZATION_EVENTS, { id: scene.ids.organization }),
      watching[1].subscribe<EventView>(CONVERSATION_EVENTS, { id: visit.conversationId }),
    ];
    await until('READY', () => feeds.every(({ items }) => items.length > 0));
    await base.api.source.query(sql, parameters);
    return Promise.all(watching.map(({ closed }) => closed));
  }

  const PUT_BACK = 'with gone as (delete from events where position > $1) update event_log set position = $1';

  it('closes sockets with 1012; a cursor of what was lost is not recovered, also when the log has grown past it', async () => {
    await written('first');
    const { position } = await log();
    const live = await joinOrganization(null);
    await say('lost');
    await seen(live, 'lost');
    const lost = live.items.at(-1)!.cursor;
    expect(await change(PUT_BACK, [position])).toEqual([1012, 1012]);
    await expectLiveOnly(lost);
    for (let n = 1; (await log()).position <= decodeCursor(lost)!.position; n += 1) await say(`again ${String(n)}`);
    await expectLiveOnly(lost);
  });

  it('has another log: sockets close with 1012, and no cursor of the old one is recovered', async () => {
    const old = await written('first');
    expect(await change('update event_log set log_id = gen_random_uuid()')).toEqual([1012, 1012]);
    await expectLiveOnly(old);
  });
});

function flipped(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  // Of the name of the log.
  bytes[2]! ^= 1;
  return bytes.toString('base64url');
}

function withVersion(cursor: string, version: number): string {
  const bytes = Buffer.from(cursor, 'base64url');
  bytes[0] = version;
  return bytes.toString('base64url');
}
