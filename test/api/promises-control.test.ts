import type { Caller } from '../support/api-client';
import { AGENT_TURNS, CONVERSATION_EVENTS, type EventView, type TurnView } from '../support/documents';
import { addScene, readConversation, readMessages, ready, request, type Scene, startScene, write } from './scene';

let scene: Scene;
/** No worker: the AI is a runtime with a key (responder API), played by the tests. */
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const texts = async (reader: Caller, id: string): Promise<string[]> =>
  (await readMessages(reader, id)).map((message) => message.text);

describe('promise 5 — the visitor asks, the AI asks, or the operator simply takes over', () => {
  it('refuses an operator who asks, and an AI that may not or whose epoch is old', async () => {
    const { people, ids } = scene;
    const { conversationId } = await scene.visit();
    expect(await people.operator.refusals('requestHandoff', { conversationId })).toEqual(['FORBIDDEN']);
    expect(await people.agentKey.refusals('requestHandoff', { conversationId })).toEqual(['INVALID']);
    const stale = { conversationId, controlEpoch: 0 };
    expect(await people.agentKey.refusals('requestHandoff', stale)).toEqual(['STALE_CONTROL_EPOCH']);
    await people.owner.act('updateAgentHandoff', { agentId: ids.agent, aiMayRequest: false });
    const current = { conversationId, controlEpoch: 1 };
    expect(await people.agentKey.refusals('requestHandoff', current)).toEqual(['HANDOFF_NOT_OFFERED']);
    await people.owner.act('updateAgentHandoff', { agentId: ids.agent, aiMayRequest: true });
    expect((await readConversation(people.operator, conversationId)).handoff).toBeNull();
  });

  it('takes the request of the visitor, with the reason', async () => {
    const { visitor, conversationId } = await scene.visit();
    const { handoff } = await visitor.act('requestHandoff', { conversationId, reason: 'My bill' });
    expect(handoff).toMatchObject({ state: 'REQUESTED', origin: 'VISITOR', reason: 'My bill' });
  });

  it('takes the request of the AI, with the reason and a summary that only people see', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    const input = { conversationId, controlEpoch: 1, reason: 'A refund', summary: 'Wants 20 euros back.' };
    const { handoff, conversation } = await people.agentKey.act('requestHandoff', input);
    expect(handoff).toMatchObject({ state: 'REQUESTED', origin: 'AI', reason: 'A refund' });
    expect(conversation!.controlEpoch).toBe(2);
    const document = 'query($id: ID!) { handoff(id: $id) { summary state } }';
    const asked = (reader: Caller): Promise<unknown> => reader.ask(document, { id: handoff!.id });
    expect(await asked(people.operator)).toEqual({ handoff: { summary: 'Wants 20 euros back.', state: 'REQUESTED' } });
    expect(await asked(visitor)).toEqual({ handoff: { summary: null, state: 'REQUESTED' } });
  });

  it('lets an operator who watches take over without a request, or accept a waiting one by it', async () => {
    const { people } = scene;
    const visit = await scene.visit();
    const { conversationId } = visit;
    expect(await people.viewer.refusals('takeOverConversation', { conversationId })).toEqual(['FORBIDDEN']);
    const watching = await ready(people.operator.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    await write(visit.visitor, conversationId, 'Is anybody there?');
    await watching.waitFor((item) => item.message?.text === 'Is anybody there?');
    const { handoff, conversation } = await people.operator.act('takeOverConversation', { conversationId });
    expect(handoff).toMatchObject({ state: 'ACCEPTED', origin: 'OPERATOR', acceptedBy: { displayName: 'oscar' } });
    expect(conversation).toMatchObject({ controller: 'HUMAN', operator: { displayName: 'oscar' } });
    await watching.stop();

    const waiting = await scene.visit();
    const handoffId = await request(waiting);
    const taken = await people.operator.act('takeOverConversation', { conversationId: waiting.conversationId });
    expect(taken.handoff).toMatchObject({ id: handoffId, state: 'ACCEPTED', origin: 'VISITOR' });
  });
});

describe('promise 7 — exactly one operator wins, and the AI is silent until control is given back', () => {
  const contenders = ['owner', 'admin', 'operator', 'secondOperator', 'limited', 'manager'] as const;

  it('refuses all but one of many who accept at once, and names the winner to them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const visit = await scene.visit();
      const handoffId = await request(visit);
      const callers = [...contenders, ...contenders].map((person) => scene.people[person]);
      const answers = await Promise.all(callers.map((caller) => caller.attempt('acceptHandoff', { handoffId })));
      const winners = new Set(answers.map(({ handoff }) => handoff!.acceptedBy!.displayName));
      expect(winners.size).toBe(1);
      const refused = answers.filter(({ userErrors }) => userErrors.length > 0);
      // The winner's own second call is a retry and succeeds.
      expect(refused).toHaveLength(10);
      for (const { userErrors, conversation } of refused) {
        expect(userErrors).toMatchObject([
          { code: 'ALREADY_CLAIMED', message: expect.stringContaining([...winners][0]!) },
        ]);
        expect(conversation).toMatchObject({ controller: 'HUMAN', controlEpoch: 3 });
      }
      const joined = (await readMessages(visit.visitor, visit.conversationId)).filter(
        (m) => m.kind === 'HANDOFF_EVENT',
      );
      expect(joined).toHaveLength(2);
    }
  });

  it('refuses what the AI was writing at the takeover, also after control has come back to it', async () => {
    const { people } = scene;
    const { visitor, conversationId } = await scene.visit();
    await write(visitor, conversationId, 'Hello');
    const feed = await ready(visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    const late = { conversationId, clientNonce: 'late', controlEpoch: 1, text: 'I, the AI, answer.' };
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.agentKey.refusals('postAgentReply', late)).toEqual(['STALE_CONTROL_EPOCH']);
    const current = { ...late, controlEpoch: 2 };
    expect(await people.agentKey.refusals('postAgentReply', current)).toEqual(['STALE_CONTROL_EPOCH']);
    await people.operator.act('handBackToAi', { conversationId });
    expect(await people.agentKey.refusals('postAgentReply', late)).toEqual(['STALE_CONTROL_EPOCH']);

    const fresh = { conversationId, clientNonce: 'fresh', controlEpoch: 3, text: 'Here I am again.' };
    await people.agentKey.act('postAgentReply', fresh);
    await feed.waitFor((item) => item.message?.text === 'Here I am again.');
    const seen = await texts(visitor, conversationId);
    expect(seen).toEqual(await texts(people.operator, conversationId));
    expect(seen).not.toContain(late.text);
    expect(feed.items.some((item) => item.message?.text === late.text)).toBe(false);
    await feed.stop();
  });

  it('lets only the operator who has the conversation write in it', async () => {
    const { people } = scene;
    const { conversationId } = await scene.visit();
    const message = { conversationId, clientNonce: 'n', text: 'Hello from us' };
    expect(await people.operator.refusals('sendMessage', message)).toEqual(['INVALID_TRANSITION']);
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.secondOperator.refusals('sendMessage', message)).toEqual(['ALREADY_CLAIMED']);
    expect(await people.viewer.refusals('sendMessage', message)).toEqual(['FORBIDDEN']);
    expect(await people.agentKey.refusals('sendMessage', message)).toEqual(['FORBIDDEN']);
    expect((await people.operator.act('sendMessage', message)).wasDuplicate).toBe(false);
    expect((await people.operator.act('sendMessage', message)).wasDuplicate).toBe(true);
    expect(await people.operator.refusals('sendMessage', { ...message, text: 'Other' })).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ]);
  });
});

describe("promise 8 — the visitor is told of each change of control, in the agent's own words", () => {
  it('writes a HANDOFF_EVENT for every change, with {operator} and {agent} replaced, to visitor and operator alike', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const announcements = {
      requested: '{agent} rings the bell.',
      accepted: '{operator} is here for {agent}.',
      returned: '{operator} has left, {agent} is back.',
      cancelled: 'Never mind, {agent} goes on.',
    };
    expect(await people.operator.refusals('updateAgentHandoff', { agentId: ids.agent, announcements })).toEqual([
      'FORBIDDEN',
    ]);
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, announcements });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    const feed = await ready(visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    await visitor.act('cancelHandoff', { handoffId: await request(visit) });
    await people.operator.act('acceptHandoff', { handoffId: await request(visit) });
    await people.operator.act('handBackToAi', { conversationId });
    await people.operator.act('takeOverConversation', { conversationId });
    await people.operator.act('closeConversation', { conversationId });
    const expected = [
      'Ada rings the bell.',
      'Never mind, Ada goes on.',
      'Ada rings the bell.',
      'oscar is here for Ada.',
      'oscar has left, Ada is back.',
      'oscar is here for Ada.',
      expect.stringContaining('closed'),
    ];
    await feed.waitFor((item) => item.conversation?.status === 'CLOSED');
    expect(feed.items.flatMap((item) => item.message?.text ?? [])).toEqual(expected);
    for (const reader of [visitor, people.operator]) {
      const messages = await readMessages(reader, conversationId);
      expect(messages.map((message) => message.text)).toEqual(expected);
      expect(new Set(messages.map((message) => `${message.kind} ${message.authorKind}`))).toEqual(
        new Set(['HANDOFF_EVENT SYSTEM']),
      );
    }
    await feed.stop();
  });
});

describe('promise 9 — while a request waits the AI is silent or answers, and the visitor can write and cancel', () => {
  it('AI_SILENT: refuses the AI, with control NONE', async () => {
    const visit = await scene.visit();
    const { visitor, conversationId } = visit;
    const handoffId = await request(visit);
    expect(await readConversation(visitor, conversationId)).toMatchObject({ controller: 'NONE', controlEpoch: 2 });
    const reply = { conversationId, clientNonce: 'r', controlEpoch: 2, text: 'May I?' };
    expect(await scene.people.agentKey.refusals('postAgentReply', reply)).toEqual(['STALE_CONTROL_EPOCH']);
    await write(visitor, conversationId, 'Still here');
    const { conversation, handoff } = await visitor.act('cancelHandoff', { handoffId });
    expect(handoff).toMatchObject({ state: 'CANCELLED' });
    expect(conversation).toMatchObject({ controller: 'AI', controlEpoch: 3, handoff: null });
    expect(await visitor.refusals('cancelHandoff', { handoffId })).toEqual(['INVALID_TRANSITION']);
  });

  it('AI_ANSWERS: keeps control AI under the new epoch, and the AI answers what the visitor writes', async () => {
    const own = await addScene(scene.api, { agent: { responderKind: 'API', whileWaiting: 'AI_ANSWERS' } });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    const turns = own.people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: own.ids.agent });
    await request(visit);
    expect(await readConversation(visitor, conversationId)).toMatchObject({ controller: 'AI', controlEpoch: 2 });
    const reply = { conversationId, clientNonce: 'r', controlEpoch: 1, text: 'Meanwhile, what is your order number?' };
    expect(await own.people.agentKey.refusals('postAgentReply', reply)).toEqual(['STALE_CONTROL_EPOCH']);
    await write(visitor, conversationId, 'My parcel is late');
    const turn = await turns.waitFor((item) => item.message.text === 'My parcel is late');
    expect(turn.controlEpoch).toBe(2);
    await own.people.agentKey.act('postAgentReply', { ...reply, controlEpoch: turn.controlEpoch });
    expect(await texts(visitor, conversationId)).toContain(reply.text);
    await turns.stop();
  });
});
