import { Notification } from '../../src/entities/notification';
import { encodePublicId } from '../../src/domain/public-id';
import { Inquiry } from '../../src/entities/inquiry';
import { Message } from '../../src/entities/message';
import { UserAgent } from '../../src/entities/user-agent';
import {
  CONVERSATION_EVENTS,
  CONVERSATION_SIGNALS,
  type EventView,
  ORGANIZATION_EVENTS,
  READ_NOTIFICATIONS,
  READ_PUBLIC_AGENT,
} from '../support/documents';
import { newNotification } from './rows';
import { ready, request, type Scene, startScene, type Visit, write } from './scene';

/**
 * Lena is limited to Ada. Everything that a member can ask is asked by her, while there are a conversation, a request, an
 * inquiry and a notification of Bea's: in no answer may there be a trace of them.
 */
let scene: Scene;
let hidden: Visit;
/** What must never come back: ids and words of everything that is Bea's. */
let traces: string[];
/** Ids by kind. */
let of: Record<'agent' | 'conversation' | 'handoff' | 'inquiry' | 'message' | 'visitor' | 'notification', string>;
const WORDS = 'words for Bea alone';
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  const { world, ids, api } = scene;
  const { manager } = api.source;
  hidden = await scene.visit(world.secondAgent);
  await write(hidden.visitor, hidden.conversationId, WORDS);
  const handoffId = await request(hidden);
  const { conversationId } = hidden;
  const left = { conversationId, email: 'bea.only@example.com', text: WORDS, idempotencyKey: 'i' };
  await hidden.visitor.act('submitInquiry', left);
  // Of the time when she was not limited; and a colleague, whom she sees, is limited to both agents.
  const { conversationId: uuid } = await manager.findOneByOrFail(Message, { text: WORDS });
  const told = { ...newNotification(world.limited.row, uuid), title: WORDS, body: WORDS };
  await manager.insert(Notification, told);
  await manager.query('update users set limited_to_agents = true where id = $1', [world.viewer.id]);
  const colleague = { workspaceId: world.workspace.id, userId: world.viewer.id };
  await manager.insert(UserAgent, [
    { ...colleague, agentId: world.agent.id },
    { ...colleague, agentId: world.secondAgent.id },
  ]);
  of = {
    agent: ids.secondAgent,
    conversation: conversationId,
    handoff: handoffId,
    inquiry: encodePublicId('inquiry', (await manager.findOneByOrFail(Inquiry, {})).id),
    message: encodePublicId('message', (await manager.findOneByOrFail(Message, { text: WORDS })).id),
    visitor: hidden.visitorId,
    notification: encodePublicId('notification', told.id),
  };
  const { notification: _own, ...foreign } = of;
  traces = [...Object.values(foreign), world.secondAgent.publicKey, WORDS, 'bea.only@example.com'];
});
afterAll(() => scene.api.stop());

const PAGE = 'first: 50';
const LISTS = `query($id: ID!, $agents: [ID!]) { organization(id: $id) {
  agents(${PAGE}) { nodes { id publicKey } }
  members(${PAGE}) { nodes { id displayName agents { id publicKey } } }
  all: conversations(${PAGE}) { totalCount nodes { id lastMessage { id text } } }
  chosen: conversations(${PAGE}, filter: { agentIds: $agents }) { totalCount nodes { id } }
  found: conversations(${PAGE}, filter: { search: "Bea alone" }) { totalCount nodes { id } }
  handoffs(${PAGE}) { totalCount nodes { id } }
  inquiries(${PAGE}) { totalCount nodes { id text email } } } }`;

function expectNoTrace(answer: unknown): void {
  const text = JSON.stringify(answer);
  expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
}

describe('a member who is limited to some agents', () => {
  it('finds nothing of the others in lists, counts and search, where a colleague does', async () => {
    const { people, ids } = scene;
    const variables = { id: ids.organization, agents: [ids.secondAgent] };
    type Lists = { organization: Record<string, { totalCount: number }> };
    const answer = await people.limited.ask<Lists>(LISTS, variables);
    expectNoTrace(answer);
    const counts = ({ organization }: Lists): number[] =>
      ['chosen', 'found', 'handoffs', 'inquiries'].map((name) => organization[name]!.totalCount);
    expect(counts(answer)).toEqual([0, 0, 0, 0]);
    expect(counts(await people.manager.ask<Lists>(LISTS, variables))).toEqual([1, 1, 1, 1]);
  });

  it('gets null for each object of the others by its id, as for no object, where a colleague gets it', async () => {
    const { people } = scene;
    const { notification: _own, ...foreign } = of;
    for (const [kind, id] of Object.entries(foreign)) {
      const node = 'query($id: ID!) { node(id: $id) { id } }';
      expect([kind, await people.limited.ask(node, { id })]).toEqual([kind, { node: null }]);
      expect([kind, await people.operator.ask(node, { id })]).toEqual([kind, { node: { id } }]);
    }
    for (const kind of ['agent', 'conversation', 'handoff', 'inquiry'] as const) {
      const document = `query($id: ID!) { ${kind}(id: $id) { id } }`;
      expect(await people.limited.ask(document, { id: of[kind] })).toEqual({ [kind]: null });
    }
  });

  it('keeps an entry under the bell from before, and not what it said', async () => {
    const { people } = scene;
    const answer = await people.limited.ask<{ notifications: { nodes: object[] } }>(READ_NOTIFICATIONS);
    expectNoTrace(answer);
    expect(answer.notifications.nodes).toMatchObject([{ id: of.notification, body: '', conversation: null }]);
    const node = 'query($id: ID!) { node(id: $id) { ... on Notification { title body } } }';
    expectNoTrace(await people.limited.ask(node, { id: of.notification }));
  });

  it.each<[string, () => object]>([
    ['sendMessage', () => ({ conversationId: of.conversation, clientNonce: 'n', text: 'Hello' })],
    ['markRead', () => ({ conversationId: of.conversation, upToSequence: 1 })],
    ['setTyping', () => ({ conversationId: of.conversation, isTyping: true })],
    ['acceptHandoff', () => ({ handoffId: of.handoff })],
    ['cancelHandoff', () => ({ handoffId: of.handoff })],
    ['takeOverConversation', () => ({ conversationId: of.conversation })],
    ['handBackToAi', () => ({ conversationId: of.conversation })],
    ['closeConversation', () => ({ conversationId: of.conversation })],
    ['answerInquiry', () => ({ inquiryId: of.inquiry, text: 'Hello', idempotencyKey: 'a' })],
    ['closeInquiry', () => ({ inquiryId: of.inquiry })],
    ['requestHandoff', () => ({ conversationId: of.conversation })],
    ['updateAgent', () => ({ id: of.agent, displayName: 'Mine' })],
    ['updateAgentHandoff', () => ({ agentId: of.agent, enabled: false })],
    ['setAgentResponder', () => ({ agentId: of.agent, kind: 'NONE' })],
    ['assignAgent', () => ({ agentId: of.agent, organizationId: scene.ids.organization })],
  ])('is told by %s that it does not exist', async (mutation, input) => {
    const payload = await scene.people.limited.attempt(mutation, { ...input() });
    expect(payload.userErrors.map(({ code }) => code)).toEqual(['NOT_FOUND']);
    expectNoTrace(payload);
  });

  it('hears in its feed what happens with its own agents alone, whatever it asks for', async () => {
    const { people, ids, world } = scene;
    for (const document of [CONVERSATION_EVENTS, CONVERSATION_SIGNALS]) {
      const refused = people.limited.subscribe(document, { id: of.conversation });
      expect(await refused.waitForError()).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
      await refused.stop();
    }
    const variables = { id: ids.organization, agentIds: [ids.secondAgent] };
    const asked = await ready(people.limited.subscribe<EventView>(ORGANIZATION_EVENTS, variables));
    const feed = await ready(people.limited.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    await write(hidden.visitor, hidden.conversationId, `more ${WORDS}`);
    const own = await scene.visit(world.agent);
    await write(own.visitor, own.conversationId, 'for Ada');
    await feed.waitFor(({ message }) => message?.text === 'for Ada');
    expectNoTrace(feed.items);
    expect(asked.items).toHaveLength(1);
    await Promise.all([asked.stop(), feed.stop()]);
  });

  it('is offered to no visitor of the others', async () => {
    const { nobody, world } = scene;
    type Offer = { publicAgent: { handoffOffer: { operators: { displayName: string }[] } } };
    const offered = async (key: string): Promise<string[]> => {
      const { publicAgent } = await nobody.ask<Offer>(READ_PUBLIC_AGENT, { key });
      return publicAgent.handoffOffer.operators.map(({ displayName }) => displayName);
    };
    expect(await offered(world.agent.publicKey)).toContain('lena');
    expect(await offered(world.secondAgent.publicKey)).not.toContain('lena');
  });
});
