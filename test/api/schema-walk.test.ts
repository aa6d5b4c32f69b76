import { Agent } from '../../src/entities/agent';
import { Delivery } from '../../src/entities/delivery';
import { Organization } from '../../src/entities/organization';
import { User } from '../../src/entities/user';
import { Visitor } from '../../src/entities/visitor';
import type { Caller } from '../support/api-client';
import type * as Both from '../support/execute-both';
import { compared } from '../support/execute-both';
import { type Scene, startScene, write } from './scene';
import { type Walk, type WalkRoot, walkSchema } from './schema-walk';

jest.mock('../../src/execution/execute-operation', () =>
  jest
    .requireActual<typeof Both>('../support/execute-both')
    .executeBoth(jest.requireActual('../../src/execution/execute-operation')),
);

/** Hundreds of requests by turns, each executed twice: on a busy machine a minute is not enough. */
const WALK_MS = 180_000;

let scene: Scene;
let roots: WalkRoot[];
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  roots = await plant();
});
afterAll(() => scene.api.stop());

const PLANTED = {
  brief: 'planted-brief',
  summary: 'planted-summary',
  note: 'planted-note',
  organization: 'planted-organization',
  otherVisitor: 'planted-other-visitor',
  otherText: 'planted-text-of-another-visitor',
  colleagueName: 'planted-manager',
  delivery: 'planted-answer-of-the-mail-server',
  origin: 'https://planted-origin.example.com',
  instructions: 'planted-instructions',
  announcement: 'planted-announcement',
  secondAgent: 'planted-agent',
} as const;

/** A conversation of the visitor with everything in it, and around it what is none of the visitor's business. */
async function plant(): Promise<WalkRoot[]> {
  const { people, world, ids, api } = scene;
  const { manager } = api.source;
  await manager.update(Visitor, { id: world.otherVisitor.id }, { displayName: PLANTED.otherVisitor });
  // Without a permission to answer: not on the card of those who may.
  await manager.update(User, { id: world.manager.id }, { displayName: PLANTED.colleagueName, permissions: [] });
  await manager.update(Organization, { id: world.organization.id }, { name: PLANTED.organization });
  await manager.update(Agent, { id: world.secondAgent.id }, { displayName: PLANTED.secondAgent });
  const setUp = { responderInstructions: PLANTED.instructions, allowedOrigins: [PLANTED.origin] };
  const announcements = { ...world.agent.announcements, unanswered: PLANTED.announcement };
  await manager.update(Agent, { id: world.agent.id }, { ...setUp, announcements });

  const other = (await people.otherVisitor.act('startConversation', { idempotencyKey: 'o' })).conversation!.id;
  await write(people.otherVisitor, other, PLANTED.otherText);
  const conversationId = ids.conversation;
  await write(people.visitor, conversationId, 'Hello');
  const inquiry = { conversationId, email: 'v@example.com', text: 'Call me.', idempotencyKey: 'i' };
  const inquiryId = (await people.visitor.act('submitInquiry', inquiry)).inquiry!.id;
  await people.operator.act('answerInquiry', { inquiryId, text: 'We did.', idempotencyKey: 'a' });
  await manager.update(Delivery, { workspaceId: world.workspace.id }, { detail: PLANTED.delivery });
  const asked = { conversationId, controlEpoch: 1, reason: 'r', summary: PLANTED.summary };
  const handoffId = (await people.agentKey.act('requestHandoff', asked)).handoff!.id;
  await people.operator.act('acceptHandoff', { handoffId });
  await write(people.operator, conversationId, 'I am here.');
  await people.operator.act('addNote', { conversationId, clientNonce: 'n', text: PLANTED.note });
  await people.operator.act('handBackToAi', { conversationId, brief: PLANTED.brief });
  await people.secondOperator.act('takeOverConversation', { conversationId });
  return [
    { field: `conversation(id: "${conversationId}")`, type: 'Conversation' },
    { field: `handoff(id: "${handoffId}")`, type: 'Handoff' },
    { field: `inquiry(id: "${inquiryId}")`, type: 'Inquiry' },
    { field: `agent(id: "${ids.agent}")`, type: 'Agent' },
    { field: `node(id: "${conversationId}")`, type: 'Conversation' },
    { field: 'viewer', type: 'Viewer' },
    { field: 'myConversations', type: 'ConversationConnection' },
    { field: 'workspace', type: 'Workspace' },
    { field: `organization(id: "${ids.organization}")`, type: 'Organization' },
  ];
}

const walk = (caller: Caller): Promise<Walk> => walkSchema(caller, scene.nobody, roots);
const addresses = (): string[] =>
  (['operator', 'secondOperator', 'owner', 'admin', 'manager', 'viewer', 'otherMember'] as const).map(
    (who) => scene.world[who].row.email,
  );

describe('every field that the schema has, walked from a conversation', () => {
  it(
    'shows all that was planted to the owner: a walk that finds nothing would prove nothing',
    async () => {
      const { text, asked } = await walk(scene.people.owner);
      const missing = Object.values(PLANTED).filter((secret) => !text.includes(secret));
      expect(addresses().filter((address) => text.includes(address)).length).toBeGreaterThan(3);
      expect(missing).toEqual([]);
      expect(asked.size).toBeGreaterThan(100);
    },
    WALK_MS,
  );

  it('shows a visitor its own conversation, and none of it', async () => {
    const { text } = await walk(scene.people.visitor);
    for (const own of ['Hello', 'I am here.', 'We did.', 'Call me.', 'Ada', 'oscar']) expect(text).toContain(own);
    const found = [...Object.values(PLANTED), ...addresses()].filter((secret) => text.includes(secret));
    expect(found).toEqual([]);
  });

  it('shows the runtime of an agent the conversations of its agent, and nothing of people or the partner', async () => {
    const { text } = await walk(scene.people.agentKey);
    for (const own of ['Hello', 'I am here.', PLANTED.brief, PLANTED.summary]) expect(text).toContain(own);
    const { organization, note, otherVisitor, otherText, colleagueName, secondAgent } = PLANTED;
    const hidden = [organization, note, otherVisitor, otherText, colleagueName, secondAgent, ...addresses()];
    expect(hidden.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('shows a key without CONVERSATIONS how the workspace is set up, and nothing that anybody said', async () => {
    const input = { workspaceId: scene.ids.workspace, name: 'Settings', scopes: ['SETTINGS', 'PEOPLE', 'KEYS'] };
    const { secret } = await scene.people.owner.act('createApiKey', input);
    const { text } = await walk(scene.nobody.as(secret!));
    for (const own of [PLANTED.organization, PLANTED.secondAgent]) expect(text).toContain(own);
    const { brief, summary, note, otherVisitor, otherText, delivery } = PLANTED;
    const said = [
      brief,
      summary,
      note,
      otherVisitor,
      otherText,
      delivery,
      'Hello',
      'We did.',
      'Call me.',
      'v@example.com',
    ];
    expect(said.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('was answered as graphql-js would, to each of them, with few columns too: the same data, errors and nulls', () => {
    expect(compared.differences).toEqual([]);
    expect(compared.queries).toBeGreaterThan(20);
    expect(compared.narrowRows).toBeGreaterThan(100);
  });
});
