import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Caller } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import {
  AGENT_TURNS,
  CONVERSATION_EVENTS,
  CONVERSATION_SIGNALS,
  HANDOFF_EVENTS,
  NOTIFICATION_ADDED,
  type NotificationView,
  ORGANIZATION_EVENTS,
  type SignalView,
  type TurnView,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { eventually, readConversation, readMessages, request, type Scene, startScene, write } from './scene';

/** Everything here has to hold over PostgreSQL's notifications and over Redis alike. */
describe('streams over pg_notify', () => streams({}));
describeWithRedis('streams over Redis', () => streams({ REDIS_URL: process.env.BATON_TEST_REDIS_URL ?? '' }));

function streams(env: Record<string, string>): void {
  let scene: Scene;
  /** Another API process on the same database: what is done through it has to arrive in the first. */
  let second: { readonly url: string; stop(): Promise<void> };
  const there = (caller: Caller): Caller => new Caller(second.url, caller.token);
  beforeAll(async () => {
    scene = await startScene({ env, world: { agent: { responderKind: 'API' } } });
    second = await scene.api.startSecond();
  });
  afterAll(async () => {
    await second.stop();
    await scene.api.stop();
  });

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
    const first = async (id: string): Promise<unknown> => {
      for await (const result of client.iterate({ query: CONVERSATION_EVENTS, variables: { id } })) return result;
      return null;
    };
    expect(await first('conv_none')).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    const ready = { data: { conversationEvents: { __typename: 'StreamReady' } } };
    expect(await first(ids.conversation)).toMatchObject(ready);
    await client.dispose();
  });

  it('tells the others who types, and who comes and goes, across processes', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.viewer.refusals('setTyping', { conversationId, isTyping: true })).toEqual(['FORBIDDEN']);
    const forVisitor = visitor.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    const forOperator = people.operator.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    // Signals have no StreamReady: whoever repeats it until it is heard, as a person types on, needs none.
    const heard = (by: typeof forVisitor, typist: Caller, name: string): Promise<SignalView | undefined> =>
      eventually(
        async () => {
          await there(typist).act('setTyping', { conversationId, isTyping: true });
          return by.items.find((item) => item.isTyping === true && item.actor?.displayName === name);
        },
        (item) => item !== undefined,
      );
    const operatorTypes = await heard(forVisitor, people.operator, 'oscar');
    expect(operatorTypes?.actor?.__typename).toBe('OperatorCard');
    expect(Date.parse(operatorTypes!.expiresAt!)).toBeGreaterThan(Date.now());
    expect((await heard(forOperator, visitor, 'Vera'))?.actor?.__typename).toBe('Visitor');
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

  it('rings the bell of each operator for a request, once', async () => {
    const { people } = scene;
    const bells = [people.operator, people.secondOperator].map((each) =>
      each.subscribe<NotificationView>(NOTIFICATION_ADDED),
    );
    // The stream has no StreamReady either: once every bell has rung, all are connected.
    const ask = async (): Promise<string> => {
      const visit = await scene.visit();
      await request({ ...visit, visitor: there(visit.visitor) });
      return visit.conversationId;
    };
    await eventually(ask, () => bells.every((bell) => bell.items.length > 0));
    const conversationId = await ask();
    for (const bell of bells) {
      await bell.waitFor((item) => item.conversation?.id === conversationId);
      const rung = bell.items.filter((item) => item.conversation?.id === conversationId);
      expect(rung).toMatchObject([{ kind: 'HANDOFF_REQUESTED', seenAt: null }]);
      await bell.stop();
    }
  });
}
