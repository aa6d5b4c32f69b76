import type { Caller } from '../support/api-client';
import {
  type ConversationView,
  type EventView,
  HANDOFF_EVENTS,
  type OfferView,
  ORGANIZATION_EVENTS,
  READ_PUBLIC_AGENT,
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
