import { Caller } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import {
  CONVERSATION_EVENTS,
  type EventView,
  HANDOFF_EVENTS,
  MESSAGE,
  type MessageView,
  ORGANIZATION_EVENTS,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { readMessages, ready, request, type Scene, startScene, write } from './scene';

/** Everything here has to hold over PostgreSQL's notifications and over Redis alike. */
describe('streams over pg_notify', () => streams({}));
describeWithRedis('streams over Redis', () => streams({ REDIS_URL: process.env.BATON_TEST_REDIS_URL ?? '' }));

function streams(env: Record<string, string>): void {
  let scene: Scene;
  /** Another API process on the same database: what is done through it has to arrive in the first. */
  let second: { readonly url: string; stop(): Promise<void> };
  const there = (caller: Caller): Caller => new Caller(second.url, caller.token);
  beforeAll(async () => {
    scene = await startScene({ withWorker: false, env, world: { agent: { responderKind: 'API' } } });
    second = await scene.api.startSecond();
  });
  afterAll(async () => {
    await second.stop();
    await scene.api.stop();
  });

  const sequences = (items: readonly EventView[]): number[] => items.flatMap((item) => item.message?.sequence ?? []);
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

  it('begins every event stream with StreamReady, and tells what is done in another process', async () => {
    const { people, ids } = scene;
    const visit = await scene.visit();
    const { conversationId } = visit;
    const feeds = [
      visit.visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }),
      people.operator.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }),
      people.agentKey.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }),
      people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }),
      people.viewer.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization, agentIds: [ids.agent] }),
      people.admin.subscribe<EventView>(WORKSPACE_EVENTS, { id: ids.workspace }),
      people.staffKey.subscribe<EventView>(WORKSPACE_EVENTS, { id: ids.workspace }),
    ];
    const ringing = await ready(people.operator.subscribe<EventView>(HANDOFF_EVENTS, { id: ids.organization }));
    await Promise.all(feeds.map(ready));
    await write(there(visit.visitor), conversationId, 'Hello from over there');
    const handoffId = await request({ ...visit, visitor: there(visit.visitor) });
    await there(people.operator).act('acceptHandoff', { handoffId });
    for (const feed of feeds) {
      await feed.waitFor(
        (item) => item.conversation?.id === conversationId && item.conversation.controller === 'HUMAN',
      );
      const own = feed.items.filter((item) => item.__typename !== 'StreamReady');
      expect(own.map((item) => [item.__typename, item.message?.sequence, item.handoff?.state])).toEqual([
        ['MessageAdded', 1, undefined],
        ['MessageAdded', 2, undefined],
        ['HandoffChanged', undefined, 'REQUESTED'],
        ['ConversationChanged', undefined, undefined],
        ['MessageAdded', 3, undefined],
        ['HandoffChanged', undefined, 'ACCEPTED'],
        ['ConversationChanged', undefined, undefined],
      ]);
      expect(feed.items[0]).toMatchObject({ __typename: 'StreamReady', recovered: false, replayed: 0 });
    }
    await ringing.waitFor((item) => item.handoff?.state === 'ACCEPTED');
    expect(ringing.items.map((item) => item.handoff?.state)).toEqual([undefined, 'REQUESTED', 'ACCEPTED']);
    await Promise.all([...feeds, ringing].map((feed) => feed.stop()));
  });

  it('tells an organization of its inquiries', async () => {
    const { people, ids } = scene;
    const { visitor, conversationId } = await scene.visit();
    const feed = await ready(people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    const input = { conversationId, email: 'v@example.com', text: 'Call me', idempotencyKey: 'i' };
    const { inquiry } = await there(visitor).act('submitInquiry', input);
    await there(people.operator).act('closeInquiry', { inquiryId: inquiry!.id });
    await feed.waitFor((item) => item.inquiry?.id === inquiry!.id && item.inquiry.state === 'CLOSED');
    await feed.stop();
  });

  it('resumes after any cursor: what came since, once and in order', async () => {
    const { visitor, conversationId } = await scene.visit();
    const before = await ready(visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    for (let n = 1; n <= 3; n += 1) await write(visitor, conversationId, `m${n}`);
    await before.waitFor((item) => item.message?.sequence === 3);
    await before.stop();
    for (let n = 4; n <= 9; n += 1) await write(n % 2 === 0 ? visitor : there(visitor), conversationId, `m${n}`);
    for (const known of before.items) {
      const seen = known.message?.sequence ?? 0;
      const after = known.cursor;
      const resumed = there(visitor).subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId, after });
      const { recovered, replayed } = await resumed.waitFor((item) => item.__typename === 'StreamReady');
      expect({ recovered, replayed }).toEqual({ recovered: true, replayed: 9 - seen });
      await resumed.waitFor((item) => item.message?.sequence === 9);
      expect(sequences(resumed.items)).toEqual(upTo(9).slice(seen));
      await resumed.stop();
    }
  });

  it.each(['x', 'AAAAAAAAAAAAAAAAAA', ''])(
    'says that continuity is lost after the cursor %j, and goes on live',
    async (after) => {
      const { visitor, conversationId } = await scene.visit();
      const stream = visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId, after });
      expect(await stream.waitFor((item) => item.__typename === 'StreamReady')).toMatchObject({ recovered: false });
      await write(visitor, conversationId, 'live');
      await stream.waitFor((item) => item.message?.text === 'live');
      await stream.stop();
    },
  );

  it('lets nothing fall between the read and the subscription, while others go on writing', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    const total = 40;
    const writing = (async () => {
      for (let n = 1; n <= total; n += 1) await write(n % 2 === 0 ? visitor : there(visitor), conversationId, `m${n}`);
    })();
    const document = `query($id: ID!) { conversation(id: $id) { streamCursor messages(last: 100) { nodes ${MESSAGE} } } }`;
    for (let round = 0; round < 8; round += 1) {
      const { conversation } = await people.operator.ask<{
        conversation: { streamCursor: string; messages: { nodes: MessageView[] } };
      }>(document, { id: conversationId });
      const read = conversation.messages.nodes.map((message) => message.sequence);
      const after = conversation.streamCursor;
      const stream = there(people.operator).subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId, after });
      const last = Math.min(total, (read.at(-1) ?? 0) + 4);
      await stream.waitFor((item) => item.message?.sequence === last || read.includes(total));
      const known = [...new Set([...read, ...sequences(stream.items)])].sort((one, other) => one - other);
      expect(known).toEqual(upTo(known.length));
      expect(new Set(sequences(stream.items)).size).toBe(sequences(stream.items).length);
      await stream.stop();
    }
    await writing;
    expect((await readMessages(visitor, conversationId)).map((m) => m.sequence)).toEqual(upTo(total));
  });

  it('the same for an organization: its cursor, its lists, then its feed', async () => {
    const { people, ids } = scene;
    const document = 'query($id: ID!) { organization(id: $id) { streamCursor conversations { totalCount } } }';
    const { organization } = await people.operator.ask<{ organization: { streamCursor: string } }>(document, {
      id: ids.organization,
    });
    const { visitor, conversationId } = await scene.visit();
    await write(there(visitor), conversationId, 'since then');
    const after = organization.streamCursor;
    const feed = people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization, after });
    expect(await feed.waitFor((item) => item.__typename === 'StreamReady')).toMatchObject({ recovered: true });
    await feed.waitFor((item) => item.conversation?.id === conversationId);
    await feed.waitFor((item) => item.message?.text === 'since then');
    await feed.stop();
  });
}
