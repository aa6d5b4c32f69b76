import { randomUUID } from 'node:crypto';
import type { Caller } from '../support/api-client';
import {
  AGENT_TURNS,
  CONVERSATION_EVENTS,
  type EventView,
  HANDOFF_EVENTS,
  ORGANIZATION_EVENTS,
  READ_CONVERSATION,
  READ_NOTIFICATIONS,
} from '../support/documents';
import { readMessages, ready, request, type Scene, startScene, type Visit, write } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
afterAll(() => scene.api.stop());

const BRIEF = 'the brief for the AI alone';
const SUMMARY = 'the summary for people alone';

/** A conversation with everything in it: asked for by the AI, taken, answered, handed back, taken again, an inquiry. */
async function fullVisit(): Promise<Visit & { handoffId: string; inquiryId: string }> {
  const { people } = scene;
  const visit = await scene.visit();
  const { visitor, conversationId } = visit;
  await write(visitor, conversationId, 'Hello');
  const inquiry = { conversationId, email: 'v@example.com', text: 'Call me.', idempotencyKey: 'i' };
  const inquiryId = (await visitor.act('submitInquiry', inquiry)).inquiry!.id;
  await people.operator.act('answerInquiry', { inquiryId, text: 'We did.', idempotencyKey: 'a' });
  const asked = { conversationId, controlEpoch: 1, reason: 'r', summary: SUMMARY };
  const handoffId = (await people.agentKey.act('requestHandoff', asked)).handoff!.id;
  await people.operator.act('acceptHandoff', { handoffId });
  await write(people.operator, conversationId, 'I am here.');
  await people.operator.act('handBackToAi', { conversationId, brief: BRIEF });
  await people.secondOperator.act('takeOverConversation', { conversationId });
  return { ...visit, handoffId, inquiryId };
}

/** Everything that hangs below a conversation and that a visitor may ask for, down to the people. */
const DEEP = `query($id: ID!, $handoff: ID!, $inquiry: ID!) {
  conversation(id: $id) { id operator { email } handoff { summary brief acceptedBy { email } } organization { name }
    agent { id displayName publicKey organization { id } } handoffOffer { operators { id displayName isOnline } }
    handoffs(first: 10) { nodes { summary brief acceptedBy { email } inquiry { answers { author { email } } } } }
    messages(first: 100) { nodes { text clientNonce handoff { summary brief }
      author { __typename id displayName ... on User { email permissions } } } } }
  handoff(id: $handoff) { summary brief acceptedBy { email } }
  inquiry(id: $inquiry) { text email answers { text author { email } } }
  viewer { __typename }
}`;

describe('a visitor — sees its own conversation and nothing of those who answer', () => {
  it('is told of operators what is on the card, and no address, summary or brief anywhere', async () => {
    const visit = await fullVisit();
    const variables = { id: visit.conversationId, handoff: visit.handoffId, inquiry: visit.inquiryId };
    const seen = JSON.stringify(await visit.visitor.ask(DEEP, variables));
    for (const secret of [scene.world.operator.row.email, scene.world.secondOperator.row.email, BRIEF, SUMMARY]) {
      expect(seen).not.toContain(secret);
      // The same document shows it to an operator: the test would see it if it were there.
      expect(JSON.stringify(await scene.people.operator.ask(DEEP, variables))).toContain(secret);
    }
    // Nor does the AI runtime of the agent need to know who its colleagues are; brief and summary are its own business.
    const runtimeSees = JSON.stringify(await scene.people.agentKey.ask(DEEP, variables));
    expect(runtimeSees).not.toContain(scene.world.operator.row.email);
    expect(runtimeSees).toContain(BRIEF);
    const authors = (await readMessages(visit.visitor, visit.conversationId)).map(({ author }) => author?.__typename);
    expect(new Set(authors)).toEqual(new Set(['Visitor', 'OperatorCard', undefined]));
    const own = (await readMessages(visit.visitor, visit.conversationId)).find(({ text }) => text === 'Hello');
    const others = (await readMessages(scene.people.operator, visit.conversationId)).find(
      ({ text }) => text === 'Hello',
    );
    expect([own?.clientNonce, others?.clientNonce]).toEqual(['Hello', null]);
  });

  it('is told no more by its stream', async () => {
    const document = `subscription($id: ID!, $after: Cursor) { conversationEvents(conversationId: $id, after: $after) {
      ... on StreamReady { replayed } ... on MessageAdded { message { author { __typename ... on User { email } } } }
      ... on HandoffChanged { handoff { state summary brief acceptedBy { email } } }
      ... on ConversationChanged { conversation { controller operator { email } } } } }`;
    const first = await scene.visit();
    const { visitor, conversationId } = first;
    const stream = visitor.subscribe<Partial<EventView>>(document, { id: conversationId });
    await stream.waitFor((item) => item.replayed === 0);
    await scene.people.agentKey.act('requestHandoff', { conversationId, controlEpoch: 1, summary: SUMMARY });
    await scene.people.operator.act('takeOverConversation', { conversationId });
    await write(scene.people.operator, conversationId, 'Here I am');
    await scene.people.operator.act('handBackToAi', { conversationId, brief: BRIEF });
    await stream.waitFor((item) => item.handoff?.state === 'RETURNED');
    const told = JSON.stringify(stream.items);
    expect(told).toContain('OperatorCard');
    for (const secret of [scene.world.operator.row.email, BRIEF, SUMMARY]) expect(told).not.toContain(secret);
    await stream.stop();
  });

  it.each(['workspace { id }', 'handoff { enabled }', 'responder { kind }', 'allowedOrigins'])(
    'is refused the settings of its agent: %s',
    async (selection) => {
      const document = `query($id: ID!) { agent(id: $id) { displayName ${selection} } }`;
      const { errors } = await scene.people.visitor.post(document, { id: scene.ids.agent });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      await scene.people.operator.ask(document, { id: scene.ids.agent });
    },
  );

  it("finds neither people nor organizations nor other visitors' conversations, by whatever road", async () => {
    const { ids, people } = scene;
    const other = await fullVisit();
    const document = 'query($id: ID!) { node(id: $id) { id } }';
    const hidden = [ids.operator, ids.organization, ids.workspace, ids.otherVisitor, ids.secondAgent, ids.staffKey];
    for (const id of [...hidden, other.conversationId, other.handoffId, other.inquiryId, other.visitorId]) {
      expect(await people.visitor.ask(document, { id })).toEqual({ node: null });
    }
    expect(await people.visitor.ask(document, { id: ids.visitor })).toEqual({ node: { id: ids.visitor } });
    const roots =
      'query($id: ID!) { organization(id: $id) { name } workspace { name } myConversations { nodes { id } } }';
    expect(await people.visitor.ask(roots, { id: ids.organization })).toEqual({
      organization: null,
      workspace: null,
      myConversations: { nodes: [{ id: ids.conversation }] },
    });
    const { errors } = await people.visitor.post(READ_NOTIFICATIONS);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

const LISTS = `query($id: ID!) { organization(id: $id) { agents { nodes { id } }
  conversations(first: 100) { nodes { id } } handoffs(first: 100) { nodes { id } } inquiries(first: 100) { nodes { id } } } }`;

describe('a member who is limited to some agents', () => {
  it('finds nothing of another agent: not by id, not in a list, not in a feed', async () => {
    const { people, ids, world } = scene;
    const feed = await ready(people.limited.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    const asking = await ready(
      people.limited.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization, agentIds: [ids.secondAgent] }),
    );
    const hidden = await scene.visit(world.secondAgent);
    const { conversationId } = hidden;
    await write(hidden.visitor, conversationId, 'psst');
    const handoffId = await request(hidden);
    const [message] = await readMessages(hidden.visitor, conversationId);
    const node = 'query($id: ID!) { node(id: $id) { id } }';
    for (const id of [ids.secondAgent, conversationId, handoffId, hidden.visitorId, message!.id]) {
      expect(await people.limited.ask(node, { id })).toEqual({ node: null });
      expect(await people.operator.ask(node, { id })).toEqual({ node: { id } });
    }
    const own = await fullVisit();
    const lists = JSON.stringify(await people.limited.ask(LISTS, { id: ids.organization }));
    for (const id of [own.conversationId, own.handoffId, own.inquiryId, ids.agent]) expect(lists).toContain(id);
    for (const id of [conversationId, handoffId, ids.secondAgent]) expect(lists).not.toContain(id);
    await feed.waitFor((item) => item.inquiry?.id === own.inquiryId);
    expect(JSON.stringify(feed.items)).not.toContain('psst');
    expect(asking.items).toHaveLength(1);
    await Promise.all([feed.stop(), asking.stop()]);
  });
});

describe('a member without VIEW_CONVERSATIONS and HANDLE_CONVERSATIONS', () => {
  it('sees the organization and is refused its conversations, handoffs, inquiries and feeds', async () => {
    const { people, ids, nobody } = scene;
    const person = { displayName: 'Sue', email: `sue.${randomUUID()}@example.com`, password: 'a long enough password' };
    const where = { workspaceId: ids.workspace, organizationId: ids.organization };
    await people.owner.act('createUser', { ...person, ...where, permissions: ['MANAGE_AGENT_SETTINGS'] });
    const { email, password } = person;
    const { accessToken } = await nobody.act('signIn', { email, password, workspace: scene.world.workspace.slug });
    const sue = nobody.as(accessToken!);
    expect(await sue.ask(READ_CONVERSATION, { id: ids.conversation })).toEqual({ conversation: null });
    for (const list of ['conversations', 'handoffs', 'inquiries']) {
      const document = `query($id: ID!) { organization(id: $id) { name ${list} { nodes { id } } } }`;
      const { errors } = await sue.post(document, { id: ids.organization });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    for (const document of [ORGANIZATION_EVENTS, HANDOFF_EVENTS]) {
      const error = await sue.subscribe(document, { id: ids.organization }).waitForError();
      expect(error).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
    }
  });
});

describe("API keys — an agent's runtime and the partner's back end", () => {
  const NODE = 'query($id: ID!) { node(id: $id) { id } }';
  const sees = async (caller: Caller, id: string): Promise<boolean> =>
    (await caller.ask<{ node: unknown }>(NODE, { id })).node !== null;

  it("shows an agent's key its own agent and conversations and nothing else", async () => {
    const { people, ids, world } = scene;
    const other = await scene.visit(world.secondAgent);
    expect(await sees(people.agentKey, ids.agent)).toBe(true);
    expect(await sees(people.agentKey, ids.conversation)).toBe(true);
    expect(await sees(people.agentKey, ids.agentKey)).toBe(true);
    for (const id of [ids.secondAgent, other.conversationId, ids.organization, ids.operator, ids.staffKey]) {
      expect(await sees(people.agentKey, id)).toBe(false);
    }
    const { errors } = await people.agentKey.post('{ workspace { conversations { nodes { id } } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it("lets an agent's key manage nothing", async () => {
    const { people, ids } = scene;
    const workspaceId = ids.workspace;
    const attempts: [string, object][] = [
      ['createAgent', { workspaceId, displayName: 'New' }],
      ['createOrganization', { workspaceId, name: 'New' }],
      ['createApiKey', { workspaceId, name: 'New' }],
      ['updateAgent', { id: ids.agent, displayName: 'New' }],
      ['updateAgentHandoff', { agentId: ids.agent, enabled: false }],
      ['setAgentResponder', { agentId: ids.agent, kind: 'NONE' }],
      ['setAvailability', { available: true }],
    ];
    for (const [mutation, input] of attempts) {
      expect([mutation, await people.agentKey.refusals(mutation, { ...input })]).toEqual([mutation, ['FORBIDDEN']]);
    }
    expect(await people.agentKey.refusals('revokeApiKey', { id: ids.staffKey })).toEqual(['NOT_FOUND']);
  });

  it('shows the back end all of its workspace, and lets it be no person', async () => {
    const { people, ids } = scene;
    for (const id of [ids.agent, ids.unassignedAgent, ids.conversation, ids.otherOrganization, ids.operator]) {
      expect(await sees(people.staffKey, id)).toBe(true);
    }
    const conversationId = ids.conversation;
    expect(await people.staffKey.refusals('takeOverConversation', { conversationId })).toEqual(['FORBIDDEN']);
    const reply = { conversationId, clientNonce: 'r', controlEpoch: 1, text: 'Hi' };
    expect(await people.staffKey.refusals('postAgentReply', reply)).toEqual(['FORBIDDEN']);
    const turns = await people.staffKey.subscribe(AGENT_TURNS, { id: ids.agent }).waitForError();
    expect(turns).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });
});

describe('a person who is disabled', () => {
  it('loses the open sockets, and the token', async () => {
    const { people, ids } = scene;
    const watching = await ready(people.viewer.subscribe<EventView>(CONVERSATION_EVENTS, { id: ids.conversation }));
    await people.owner.act('updateUser', { id: ids.viewer, disabled: true });
    expect(await watching.waitForError()).toMatchObject({ code: 4401 });
    expect(await people.viewer.ask('{ viewer { __typename } }')).toEqual({ viewer: null });
    const { errors } = await people.viewer.post(READ_CONVERSATION, { id: ids.conversation });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
