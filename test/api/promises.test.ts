import type { Caller } from '../support/api-client';
import {
  AGENT_TURNS,
  type ConversationView,
  CONVERSATION_EVENTS,
  type EventView,
  HANDOFF_EVENTS,
  type OfferView,
  ORGANIZATION_EVENTS,
  READ_PUBLIC_AGENT,
  type TurnView,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { addScene, readConversation, readMessages, ready, request, type Scene, startScene, write } from './scene';

let scene: Scene;
/** No worker: the AI is a runtime with a key (responder API), played by the tests. */
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

async function publicOffer(of: Scene, publicKey: string): Promise<OfferView> {
  const data = await of.nobody.ask<{ publicAgent: { handoffOffer: OfferView } }>(READ_PUBLIC_AGENT, { key: publicKey });
  return data.publicAgent.handoffOffer;
}

const texts = async (reader: Caller, id: string): Promise<string[]> =>
  (await readMessages(reader, id)).map((message) => message.text);

describe('promise 1 — with "Enable handoff popup" off the widget is offered no handoff', () => {
  it('refuses the request, offers neither popup nor inquiry and lists neither action', async () => {
    const { people, ids, world } = scene;
    const visit = await scene.visit(world.secondAgent);
    await people.manager.act('updateAgentHandoff', { agentId: ids.secondAgent, enabled: false });
    const { conversationId } = visit;
    expect(await visit.visitor.refusals('requestHandoff', { conversationId })).toEqual(['HANDOFF_NOT_OFFERED']);
    const inquiry = { conversationId, email: 'vera@example.com', text: 'Hello?', idempotencyKey: 'i' };
    expect(await visit.visitor.refusals('submitInquiry', inquiry)).toEqual(['HANDOFF_NOT_OFFERED']);
    const none = { mode: 'NONE', reason: 'DISABLED', inquiryAvailable: false };
    expect(await publicOffer(scene, world.secondAgent.publicKey)).toMatchObject(none);
    const conversation = await readConversation(visit.visitor, conversationId);
    expect(conversation.handoffOffer).toMatchObject(none);
    expect(conversation.viewerCan).toEqual(['SEND_MESSAGE']);
  });

  it('offers the popup with its texts once it is on', async () => {
    const { people, ids, world } = scene;
    await people.manager.act('updateAgentHandoff', { agentId: ids.secondAgent, enabled: true, title: 'Need a person?' });
    expect(await publicOffer(scene, world.secondAgent.publicKey)).toMatchObject({
      mode: 'POPUP',
      reason: null,
      title: 'Need a person?',
    });
  });
});

describe('promise 2 — "Fixed handoff popup" needs an organization', () => {
  it('refuses it for an agent without one and changes nothing', async () => {
    const { people, ids } = scene;
    const input = { agentId: ids.unassignedAgent, fixedPopup: true, title: 'Not this' };
    const { userErrors, agent } = await people.owner.attempt('updateAgentHandoff', input);
    expect(userErrors).toMatchObject([{ code: 'AGENT_NOT_IN_ORGANIZATION', path: ['fixedPopup'] }]);
    expect(agent).toBeNull();
    expect((await publicOffer(scene, scene.world.unassignedAgent.publicKey)).title).not.toBe('Not this');
  });

  it('keeps the setting and falls back to the plain popup when the agent loses its organization', async () => {
    const { people, ids, world } = scene;
    const agentId = ids.secondAgent;
    await people.manager.act('updateAgentHandoff', { agentId, fixedPopup: true });
    expect(await publicOffer(scene, world.secondAgent.publicKey)).toMatchObject({ mode: 'FIXED_POPUP' });
    const { agent } = await people.owner.act('assignAgent', { agentId, organizationId: null });
    expect(agent).toMatchObject({ organization: null, handoff: { fixedPopup: true } });
    expect(await publicOffer(scene, world.secondAgent.publicKey)).toMatchObject({ mode: 'POPUP' });
    await people.owner.act('assignAgent', { agentId, organizationId: ids.organization });
    expect(await publicOffer(scene, world.secondAgent.publicKey)).toMatchObject({ mode: 'FIXED_POPUP' });
    await people.owner.act('updateAgentHandoff', { agentId, fixedPopup: false });
  });
});

describe('promise 3 — a handoff is offered only when somebody could answer', () => {
  it('offers an inquiry alone while nobody is online, and the handoff as soon as an operator is', async () => {
    const own = await addScene(scene.api, { agent: { offerWhenOffline: false } });
    const visit = await own.visit();
    const { conversationId } = visit;
    expect(await visit.visitor.refusals('requestHandoff', { conversationId })).toEqual(['HANDOFF_NOT_OFFERED']);
    const offer = async (): Promise<OfferView> =>
      (await readConversation(visit.visitor, conversationId)).handoffOffer;
    const nobody = { mode: 'NONE', reason: 'NOBODY_ONLINE', operatorsOnline: 0, inquiryAvailable: true };
    expect(await offer()).toMatchObject(nobody);

    const dashboard = await ready(
      own.people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: own.ids.organization }),
    );
    expect(await offer()).toMatchObject({ mode: 'POPUP', reason: null, operatorsOnline: 1 });
    expect((await offer()).operators[0]).toEqual({ displayName: 'oscar', isOnline: true });
    await own.people.operator.act('setAvailability', { available: false });
    expect(await offer()).toMatchObject(nobody);
    await own.people.operator.act('setAvailability', { available: true });
    await visit.visitor.act('requestHandoff', { conversationId });
    await dashboard.stop();
  });

  it('counts nobody who is disabled or may not handle the agent, and still takes an inquiry', async () => {
    const own = await addScene(scene.api);
    const { source } = own.api.core.database;
    await source.query(
      `update users set disabled_at = now() where workspace_id = $1 and not ('HANDLE_CONVERSATIONS' = any (permissions))`,
      [own.world.workspace.id],
    );
    const visit = await own.visit(own.world.unassignedAgent);
    const { conversationId } = visit;
    expect(await visit.visitor.refusals('requestHandoff', { conversationId })).toEqual(['HANDOFF_NOT_OFFERED']);
    const { handoffOffer } = await readConversation(visit.visitor, conversationId);
    expect(handoffOffer).toMatchObject({ mode: 'NONE', reason: 'NO_OPERATORS', inquiryAvailable: true });
    const inquiry = { conversationId, email: 'vera@example.com', text: 'Call me.', idempotencyKey: 'i' };
    expect((await visit.visitor.act('submitInquiry', inquiry)).inquiry).toMatchObject({ state: 'OPEN' });
    expect(await publicOffer(own, own.world.agent.publicKey)).toMatchObject({ mode: 'POPUP' });
  });
});

describe('promise 4 — a member without MANAGE_AGENT_SETTINGS cannot enable handoff; staff can always', () => {
  const enabled = async (): Promise<string> => (await publicOffer(scene, scene.world.secondAgent.publicKey)).mode;

  it('refuses the operator', async () => {
    const input = { agentId: scene.ids.secondAgent, enabled: false };
    expect(await scene.people.operator.refusals('updateAgentHandoff', input)).toEqual(['FORBIDDEN']);
    expect(await enabled()).toBe('POPUP');
  });

  it.each(['manager', 'owner', 'admin', 'staffKey'] as const)('lets the %s switch it off and on', async (person) => {
    const agentId = scene.ids.secondAgent;
    await scene.people[person].act('updateAgentHandoff', { agentId, enabled: false });
    expect(await enabled()).toBe('NONE');
    await scene.people[person].act('updateAgentHandoff', { agentId, enabled: true });
    expect(await enabled()).toBe('POPUP');
  });
});

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

describe('promise 6 — a request reaches every operator who may handle the agent, at once', () => {
  it('appears on the feeds of all who may handle the agent, and on no one else\'s', async () => {
    const { people, ids, world } = scene;
    const organization = { id: ids.organization };
    const feeds = await Promise.all(
      [
        people.operator.subscribe<EventView>(HANDOFF_EVENTS, organization),
        people.secondOperator.subscribe<EventView>(ORGANIZATION_EVENTS, organization),
        people.manager.subscribe<EventView>(HANDOFF_EVENTS, organization),
        people.owner.subscribe<EventView>(WORKSPACE_EVENTS, { id: ids.workspace }),
      ].map(ready),
    );
    const limited = await ready(people.limited.subscribe<EventView>(HANDOFF_EVENTS, organization));
    const other = await ready(
      people.otherMember.subscribe<EventView>(HANDOFF_EVENTS, { id: ids.otherOrganization }),
    );
    const hidden = await request(await scene.visit(world.secondAgent));
    const shown = await request(await scene.visit());
    for (const feed of feeds) {
      await feed.waitFor((item) => item.handoff?.id === hidden && item.handoff.state === 'REQUESTED');
      await feed.waitFor((item) => item.handoff?.id === shown && item.handoff.state === 'REQUESTED');
    }
    await limited.waitFor((item) => item.handoff?.id === shown);
    expect(limited.items.filter((item) => item.handoff?.id === hidden)).toEqual([]);
    // What happens in its own organization comes after all of that: had anything leaked, it would be there by now.
    const own = await request(await scene.visit(world.otherAgent));
    await other.waitFor((item) => item.handoff?.id === own);
    expect(other.items.filter((item) => item.handoff !== undefined)).toHaveLength(1);
    await Promise.all([...feeds, limited, other].map((feed) => feed.stop()));
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
        expect(userErrors).toMatchObject([{ code: 'ALREADY_CLAIMED', message: expect.stringContaining([...winners][0]!) }]);
        expect(conversation).toMatchObject({ controller: 'HUMAN', controlEpoch: 3 });
      }
      const joined = (await readMessages(visit.visitor, visit.conversationId)).filter((m) => m.kind === 'HANDOFF_EVENT');
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

describe('promise 8 — the visitor is told of each change of control, in the agent\'s own words', () => {
  it('writes a HANDOFF_EVENT for every change, with {operator} and {agent} replaced, to visitor and operator alike', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const announcements = {
      requested: '{agent} rings the bell.',
      accepted: '{operator} is here for {agent}.',
      returned: '{operator} has left, {agent} is back.',
      cancelled: 'Never mind, {agent} goes on.',
    };
    expect(
      await people.operator.refusals('updateAgentHandoff', { agentId: ids.agent, announcements }),
    ).toEqual(['FORBIDDEN']);
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

describe('promise 12 — handBackToAi ends the episode, and the AI goes on with what it missed', () => {
  it('refuses a member who may not handle, and a conversation that no person has', async () => {
    const { people } = scene;
    const { conversationId } = await scene.visit();
    expect(await people.operator.refusals('handBackToAi', { conversationId })).toEqual(['INVALID_TRANSITION']);
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.viewer.refusals('handBackToAi', { conversationId })).toEqual(['FORBIDDEN']);
  });

  it('gives the AI the brief, the words of the person, and the visitor\'s last message as its turn', async () => {
    const { people, ids } = scene;
    const { visitor, conversationId } = await scene.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    await write(people.operator, conversationId, 'I have booked your refund.');
    await write(visitor, conversationId, 'Thanks. And when does it arrive?');
    const turns = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    const brief = 'Refund of 20 euros booked; 3 days.';
    const { handoff, conversation } = await people.operator.act('handBackToAi', { conversationId, brief });
    expect(handoff).toMatchObject({ state: 'RETURNED', brief });
    expect(conversation).toMatchObject({ controller: 'AI', operator: null, handoff: null });
    const turn = await turns.waitFor((item) => item.conversation.id === conversationId);
    expect(turn).toMatchObject({ brief, message: { text: 'Thanks. And when does it arrive?' }, controlEpoch: 3 });
    expect(turn.conversation.messages.nodes).toContainEqual({
      authorKind: 'OPERATOR',
      text: 'I have booked your refund.',
    });
    await turns.stop();
  });

  it('opens no turn when the person had the last word, and hides the brief from the visitor', async () => {
    const { people, ids } = scene;
    const { visitor, conversationId } = await scene.visit();
    await write(visitor, conversationId, 'Hello?');
    await people.operator.act('takeOverConversation', { conversationId });
    await write(people.operator, conversationId, 'All done.');
    const turns = people.agentKey.subscribe<TurnView>(AGENT_TURNS, { id: ids.agent });
    const { handoff } = await people.operator.act('handBackToAi', { conversationId, brief: 'Difficult customer' });
    const document = 'query($id: ID!) { handoff(id: $id) { brief state } }';
    expect(await visitor.ask(document, { id: handoff!.id })).toEqual({ handoff: { brief: null, state: 'RETURNED' } });
    await write(visitor, conversationId, 'One more thing');
    const turn = await turns.waitFor((item) => item.conversation.id === conversationId);
    expect(turn).toMatchObject({ message: { text: 'One more thing' }, brief: 'Difficult customer' });
    await turns.stop();
  });
});

describe('promise 13 — operators see every conversation they may handle, waiting ones first', () => {
  const LIST = `query($id: ID!) { organization(id: $id) { conversations(first: 100) {
    totalCount nodes { id waitingSince unreadCount } } } }`;
  interface Listed {
    organization: { conversations: { totalCount: number; nodes: Pick<ConversationView, 'id' | 'waitingSince'>[] } };
  }

  it('refuses a visitor, hides other agents from a limited member, and sorts by urgency', async () => {
    const own = await addScene(scene.api);
    const { people, ids, world } = own;
    const list = async (reader: Caller): Promise<string[]> => {
      const data = await reader.ask<Listed>(LIST, { id: ids.organization });
      expect(data.organization.conversations.totalCount).toBe(data.organization.conversations.nodes.length);
      return data.organization.conversations.nodes.map((conversation) => conversation.id);
    };
    const [quiet, unread, waiting, longest, second] = [
      await own.visit(),
      await own.visit(),
      await own.visit(),
      await own.visit(),
      await own.visit(world.secondAgent),
    ];
    await request(longest);
    await request(waiting);
    await write(unread.visitor, unread.conversationId, 'Hello');
    await write(quiet.visitor, quiet.conversationId, 'Hello');
    await people.operator.act('markRead', { conversationId: quiet.conversationId, upToSequence: 1 });

    expect(await quiet.visitor.ask(LIST, { id: ids.organization })).toEqual({ organization: null });
    const order = [longest, waiting, unread].map((visit) => visit.conversationId);
    expect((await list(people.operator)).slice(0, 3)).toEqual(order);
    expect(await list(people.operator)).toEqual(
      expect.arrayContaining([quiet, second].map((visit) => visit.conversationId)),
    );
    expect(await list(people.limited)).not.toContain(second.conversationId);
    expect(await list(people.limited)).toHaveLength((await list(people.operator)).length - 1);
  });
});
