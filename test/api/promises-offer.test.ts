import {
  AGENT_TURNS,
  type EventView,
  HANDOFF_EVENTS,
  type OfferView,
  ORGANIZATION_EVENTS,
  READ_PUBLIC_AGENT,
  type TurnView,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { addScene, eventually, readConversation, ready, request, type Scene, startScene, write } from './scene';

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
    await people.manager.act('updateAgentHandoff', {
      agentId: ids.secondAgent,
      enabled: true,
      title: 'Need a person?',
    });
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
    const offer = async (): Promise<OfferView> => (await readConversation(visit.visitor, conversationId)).handoffOffer;
    const nobody = { mode: 'NONE', reason: 'NOBODY_ONLINE', operatorsOnline: 0, inquiryAvailable: true };
    expect(await offer()).toMatchObject(nobody);

    const dashboard = await ready(
      own.people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: own.ids.organization }),
    );
    const shown = await eventually(offer, ({ mode }) => mode !== 'NONE');
    expect(shown).toMatchObject({ mode: 'POPUP', reason: null, operatorsOnline: 1 });
    expect(shown.operators[0]).toEqual({ displayName: 'oscar', isOnline: true });
    await own.people.operator.act('setAvailability', { available: false });
    expect(await offer()).toMatchObject(nobody);
    await own.people.operator.act('setAvailability', { available: true });
    await visit.visitor.act('requestHandoff', { conversationId });
    await dashboard.stop();
  });

  it('counts nobody who is disabled or may not handle the agent, and still takes an inquiry', async () => {
    const own = await addScene(scene.api);
    const { source } = own.api;
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

describe('promise 6 — a request reaches every operator who may handle the agent, at once', () => {
  it("appears on the feeds of all who may handle the agent, and on no one else's", async () => {
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
    const other = await ready(people.otherMember.subscribe<EventView>(HANDOFF_EVENTS, { id: ids.otherOrganization }));
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

describe('promise 12 — handBackToAi ends the episode, and the AI goes on with what it missed', () => {
  it('refuses a member who may not handle, and a conversation that no person has', async () => {
    const { people } = scene;
    const { conversationId } = await scene.visit();
    expect(await people.operator.refusals('handBackToAi', { conversationId })).toEqual(['INVALID_TRANSITION']);
    await people.operator.act('takeOverConversation', { conversationId });
    expect(await people.viewer.refusals('handBackToAi', { conversationId })).toEqual(['FORBIDDEN']);
  });

  it("gives the AI the brief, the words of the person, and the visitor's last message as its turn", async () => {
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
