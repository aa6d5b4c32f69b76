import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Caller } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import {
  AGENT_TURNS,
  CONVERSATION_EVENTS,
  CONVERSATION_SIGNALS,
  type EventView,
  HANDOFF_EVENTS,
  MESSAGE,
  type MessageView,
  NOTIFICATION_ADDED,
  ORGANIZATION_EVENTS,
  type SignalView,
  type TurnView,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { readConversation, readMessages, ready, request, type Scene, startScene, write } from './scene';

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

  it('refuses queries and mutations over the socket', async () => {
    for (const query of ['{ viewer { __typename } }', 'mutation { signOut(input: {}) { userErrors { code } } }']) {
      const stream = scene.people.operator.subscribe(query);
      expect(await stream.waitForError()).toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
      await stream.stop();
    }
  });

  it('refuses a subscription that the caller may not have, and keeps the socket for the others', async () => {
    const { people, ids } = scene;
    const refused: [Caller, string, string, string][] = [
      [people.otherVisitor, CONVERSATION_EVENTS, ids.conversation, 'NOT_FOUND'],
      [people.otherMember, CONVERSATION_SIGNALS, ids.conversation, 'NOT_FOUND'],
      [people.visitor, ORGANIZATION_EVENTS, ids.organization, 'NOT_FOUND'],
      [people.agentKey, HANDOFF_EVENTS, ids.organization, 'NOT_FOUND'],
      [people.manager, WORKSPACE_EVENTS, ids.workspace, 'NOT_FOUND'],
      [people.operator, AGENT_TURNS, ids.agent, 'FORBIDDEN'],
      [people.visitor, NOTIFICATION_ADDED, '', 'FORBIDDEN'],
      [people.staffKey, NOTIFICATION_ADDED, '', 'FORBIDDEN'],
    ];
    for (const [caller, document, id, code] of refused) {
      const stream = caller.subscribe(document, id === '' ? {} : { id });
      expect([document, await stream.waitForError()]).toMatchObject([document, { extensions: { code } }]);
      await stream.stop();
    }
    const client = createClient({
      url: scene.api.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${people.operator.token ?? ''}` },
      retryAttempts: 0,
    });
    const first = async (query: string, id: string): Promise<unknown> => {
      for await (const result of client.iterate({ query, variables: { id } })) return result.data;
      return null;
    };
    await expect(first(CONVERSATION_EVENTS, 'conv_none')).rejects.toMatchObject([{ message: expect.any(String) }]);
    const data = await first(CONVERSATION_EVENTS, ids.conversation);
    expect(data).toMatchObject({ conversationEvents: { __typename: 'StreamReady' } });
    await client.dispose();
  });

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

  it('tells the others who types, and who comes and goes, across processes', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.viewer.refusals('setTyping', { conversationId, isTyping: true })).toEqual(['FORBIDDEN']);
    const forVisitor = visitor.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    const forOperator = people.operator.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    // Signals have no StreamReady: who asks again until it is heard, as a person types on, needs none.
    const heard = async (by: typeof forVisitor, typist: Caller, name: string): Promise<SignalView> => {
      const typing = setInterval(
        () => void there(typist).attempt('setTyping', { conversationId, isTyping: true }),
        100,
      );
      try {
        return await by.waitFor((item) => item.isTyping === true && item.actor?.displayName === name);
      } finally {
        clearInterval(typing);
      }
    };
    const operatorTypes = await heard(forVisitor, people.operator, 'oscar');
    expect(operatorTypes.actor?.__typename).toBe('OperatorCard');
    expect(Date.parse(operatorTypes.expiresAt!)).toBeGreaterThan(Date.now());
    expect((await heard(forOperator, visitor, 'Vera')).actor?.__typename).toBe('Visitor');
    await there(people.operator).act('setTyping', { conversationId, isTyping: false });
    await forVisitor.waitFor((item) => item.isTyping === false);
    await there(people.operator).act('setAvailability', { available: false });
    const away = await forVisitor.waitFor((item) => item.presence !== undefined && item.presence.status !== 'ONLINE');
    expect(away).toMatchObject({ actor: { __typename: 'OperatorCard', displayName: 'oscar' } });
    await there(people.operator).act('setAvailability', { available: true });
    await forVisitor.waitFor((item) => item.presence?.status === 'ONLINE');
    // Nobody is told of their own.
    expect(forVisitor.items.some((item) => item.actor?.displayName === 'Vera' && item.isTyping !== undefined)).toBe(
      false,
    );
    await Promise.all([forVisitor.stop(), forOperator.stop()]);
  });

  it("gives an agent's runtime the open turns first, then each new one, once, until it is answered", async () => {
    const { people, ids } = scene;
    const waiting = await scene.visit();
    await write(waiting.visitor, waiting.conversationId, 'Anybody?');
    const turns = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    const open = await turns.waitFor((turn) => turn.conversation.id === waiting.conversationId);
    expect(open).toMatchObject({ message: { text: 'Anybody?' }, controlEpoch: 1, brief: null });
    const next = await scene.visit();
    await write(there(next.visitor), next.conversationId, 'Me too');
    const fresh = await turns.waitFor((turn) => turn.conversation.id === next.conversationId);
    for (const { conversation, controlEpoch, id } of [open, fresh]) {
      const reply = { conversationId: conversation.id, controlEpoch, clientNonce: id, text: `For ${id}` };
      await there(people.agentKey).act('postAgentReply', reply);
      expect((await there(people.agentKey).act('postAgentReply', reply)).wasDuplicate).toBe(true);
    }
    const of = (id: string): TurnView[] => turns.items.filter((turn) => turn.conversation.id === id);
    expect([of(waiting.conversationId), of(next.conversationId)].map((each) => each.length)).toEqual([1, 1]);
    expect((await readMessages(next.visitor, next.conversationId)).map((m) => m.authorKind)).toEqual(['VISITOR', 'AI']);
    expect((await readConversation(next.visitor, next.conversationId)).lastSequence).toBe(2);
    const again = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    await write(next.visitor, next.conversationId, 'And again');
    await again.waitFor((turn) => turn.message.text === 'And again');
    expect(again.items.map((turn) => turn.id)).not.toContain(open.id);
    await Promise.all([turns.stop(), again.stop()]);
  });
}
