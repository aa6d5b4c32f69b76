import { Client } from 'pg';
import { Delivery } from '../../src/entities/delivery';
import { Notification } from '../../src/entities/notification';
import { User } from '../../src/entities/user';
import { UserAgent } from '../../src/entities/user-agent';
import type { Caller } from '../support/api-client';
import { CONVERSATION, HANDOFF, INQUIRY, MESSAGE, NOTIFICATION } from '../support/documents';
import { newUser } from '../support/world-rows';
import { newNotification, newSentMail } from './rows';
import { type Scene, startScene, write } from './scene';

const ROWS = 20;

/** Everything that this process sends to PostgreSQL, at the driver: no layer above can hide a statement. */
const statements: string[] = [];
const { query } = Client.prototype;
let scene: Scene;
beforeAll(async () => {
  const counted = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    statements.push(typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text));
    return Reflect.apply(query, this, args);
  };
  Client.prototype.query = counted as typeof query;
  scene = await startScene({ withWorker: false });
  for (let row = 0; row < ROWS; row += 1) await addEpisode(row);
  await addPeople();
});
afterAll(async () => {
  Client.prototype.query = query;
  await scene.api.stop();
});

/** One conversation of each kind of row: question, AI, person, inquiry with an answer, and a notification about it. */
async function addEpisode(row: number): Promise<void> {
  const { people, world, api } = scene;
  const { visitor, conversationId } = await scene.visit(row % 2 === 0 ? world.agent : world.secondAgent);
  const operator = [people.operator, people.secondOperator, people.manager, people.owner][row % 4]!;
  await write(visitor, conversationId, `Hello ${row}`);
  const inquiry = { conversationId, email: 'v@example.com', text: 'Call me.', idempotencyKey: 'i' };
  const { inquiry: left } = await visitor.act('submitInquiry', inquiry);
  await operator.act('answerInquiry', { inquiryId: left!.id, text: 'We will.', idempotencyKey: 'a' });
  await operator.act('takeOverConversation', { conversationId });
  await write(operator, conversationId, 'Here I am.');
  const [{ id }] = await api.source.query<[{ id: string }]>(
    'select id from conversations order by created_at desc limit 1',
  );
  const notification = newNotification(world.operator.row, id);
  await api.source.manager.insert(Notification, notification);
  const mail = newSentMail(world.workspace.id, { notificationId: notification.id });
  await api.source.manager.insert(Delivery, mail);
}

async function addPeople(): Promise<void> {
  const { workspace, organization, agent } = scene.world;
  const { manager } = scene.api.source;
  for (let row = 0; row < ROWS; row += 1) {
    const change: Partial<User> = { organizationId: organization.id, limitedToAgents: true };
    const user = newUser(workspace.id, `member.${row}@example.com`, `Member ${row}`, change);
    await manager.insert(User, user);
    await manager.insert(UserAgent, { workspaceId: workspace.id, userId: user.id, agentId: agent.id });
  }
}

/** The dispatcher and the tail of the log, which no request waits for, and what is no statement of its own. */
const BACKGROUND = /event_log|outbox|advisory|pg_notify|^(BEGIN|COMMIT|START TRANSACTION|set local plan_cache_mode)/i;

/** The statements of one request. What else runs in the background now and then is not in the shortest of three. */
async function statementsOf(reader: Caller, document: string, variables: object, rows: number): Promise<string[]> {
  const runs: string[][] = [];
  while (runs.length < 3) {
    statements.length = 0;
    const data = JSON.stringify(await reader.ask(document, { ...variables }));
    runs.push(statements.filter((text) => !BACKGROUND.test(text)));
    expect(data.match(/"marked":/g)).toHaveLength(rows);
  }
  return runs
    .sort((one, other) => one.length - other.length)[0]!
    .map(withoutNumbers)
    .sort();
}

/** For `few` rows as for `many`. Resolves with the statements. */
async function expectSameCost(
  reader: Caller,
  document: string,
  variables: object,
  { few, many = ROWS }: { few: number; many?: number },
): Promise<string[]> {
  // A document is answered of whole rows until it is known which of their columns it reads, and many rows show most.
  for (let run = 0; run < 3; run += 1) await reader.ask(document, { ...variables, n: many });
  const forFew = await statementsOf(reader, document, { ...variables, n: few }, few);
  expect(await statementsOf(reader, document, { ...variables, n: many }, many)).toEqual(forFew);
  return forFew;
}

/** The size of the page is part of the text, once a selection; what else a statement says has to be the same. */
function withoutNumbers(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replaceAll(/limit \d+/g, 'limit n')
    .replaceAll(/<= \d+/g, '<= n');
}

const SEEN_AS_A_WHOLE = `marked: id agent { displayName handoff { enabled escalationFrom alertIntervalFrom } responder { kind } organization { name } }
  visitor { displayName presence { status } } organization { name branding { displayName } } lastMessage ${MESSAGE}
  operator { displayName presence { status } agents { displayName } } ...on Conversation ${CONVERSATION}
  handoff { state origin acceptedBy { displayName } inquiry { id } }`;
const ORGANIZATION = (list: string): string => `query($id: ID!, $n: Int!) { organization(id: $id) { ${list} } }`;

const LISTS: Record<string, { document: string; few?: number }> = {
  'the inbox with everything that a dashboard shows of a row': {
    document: ORGANIZATION(`conversations(first: $n) { totalCount nodes { ${SEEN_AS_A_WHOLE} } }`),
  },
  'handoffs with their people, conversations and inquiries': {
    document: ORGANIZATION(
      `handoffs(first: $n) { totalCount nodes { marked: id conversation ${CONVERSATION} ...on Handoff ${HANDOFF} } }`,
    ),
  },
  'inquiries with answers and deliveries': {
    document: ORGANIZATION(`inquiries(first: $n) { totalCount nodes { marked: id ...on Inquiry ${INQUIRY} } }`),
  },
  'members with presence, agents, sessions and organization': {
    document:
      ORGANIZATION(`members(first: $n) { nodes { marked: id displayName permissions notificationSettings { channelsFrom } presence { status }
      agents { displayName organization { name } } sessions { isCurrent } organization { name } workspace { name } } }`),
    // The third of the world's members is the first who is limited to agents.
    few: 5,
  },
};

const ENTRIES = `nodes { marked: id action actor { displayName ... on User { email } } impersonator { displayName }
  organization { name } changes { field before after } address userAgent }`;

const OF_WORKSPACE = `query($n: Int!) { workspace {
  organizations(first: $n) { nodes { marked: id branding { displayName } workspace { name branding { displayName } } } } } }`;

describe('the number of statements — does not grow with the page', () => {
  it.each(Object.keys(LISTS))('costs the same for few rows and for many: %s', async (name) => {
    const { document, few = 1 } = LISTS[name]!;
    const { owner } = scene.people;
    const id = scene.ids.organization;
    const forFew = await expectSameCost(owner, document, { id }, { few });
    expect(forFew.length).toBeGreaterThan(1);
  });

  it('costs the same for few organizations and for many, with their brands', async () => {
    const { people, ids } = scene;
    for (let row = 2; row < ROWS; row += 1) {
      await people.owner.act('createOrganization', { workspaceId: ids.workspace, name: `Client ${row}` });
    }
    await expectSameCost(people.owner, OF_WORKSPACE, {}, { few: 1 });
  });

  it.each(['owner', 'manager'] as const)(
    'costs the same for few entries of the audit log, read by the %s',
    async (who) => {
      const document = `query($id: ID!, $n: Int!) { organization(id: $id) { auditLog(first: $n) { ${ENTRIES} } } }`;
      const id = scene.ids.organization;
      const reader = scene.people[who];
      const forFew = await expectSameCost(reader, document, { id }, { few: 2 });
      // Entry, people, organization, and whose credential it is: a loader each.
      expect(forFew.length).toBeGreaterThan(2);
    },
  );

  it('costs the same for few API keys and for many, with their agents', async () => {
    const { people, ids } = scene;
    for (let row = 2; row < ROWS; row += 1) {
      const agentId = row % 2 === 0 ? ids.agent : ids.secondAgent;
      await people.owner.act('createApiKey', { workspaceId: ids.workspace, name: `Key ${row}`, agentId });
    }
    const document = `query($n: Int!) { workspace { apiKeys(first: $n) { nodes {
      marked: id name prefix scopes lastUsedAt agent { displayName } } } } }`;
    await expectSameCost(people.owner, document, {}, { few: 1 });
  });

  it('costs the same for few notifications and for many, with deliveries and conversations', async () => {
    const document = `query($n: Int!) { notifications(first: $n) { unseenCount nodes { marked: id
      ...on Notification ${NOTIFICATION} conversation { visitor { displayName } lastMessage { text } viewerCan } } } }`;
    const { operator } = scene.people;
    await expectSameCost(operator, document, {}, { few: 1 });
  });

  it.each(['visitor', 'operator'] as const)(
    'costs the same for few messages and for many, read by the %s',
    async (who) => {
      const visit = await scene.visit();
      const { conversationId } = visit;
      const { people } = scene;
      for (let epoch = 1; epoch < 14; epoch += 2) {
        await write(visit.visitor, conversationId, `Question ${epoch}`);
        const reply = { conversationId, clientNonce: `r${epoch}`, controlEpoch: epoch, text: 'Answer' };
        await people.agentKey.act('postAgentReply', reply);
        const operator = epoch % 4 === 1 ? people.operator : people.manager;
        await operator.act('takeOverConversation', { conversationId });
        await write(operator, conversationId, `Person ${epoch}`);
        await operator.act('handBackToAi', { conversationId });
      }
      const reader = who === 'visitor' ? visit.visitor : people.operator;
      const document = `query($id: ID!, $n: Int!) { conversation(id: $id) { messages(last: $n) { nodes { marked: id
      ...on Message ${MESSAGE} handoff { state acceptedBy { displayName } } conversation { controlEpoch } } } } }`;
      const id = conversationId;
      await expectSameCost(reader, document, { id }, { few: 5, many: 35 });
    },
  );
});
