import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { eraseVisitor } from '../../src/commands/visitor/erase-visitor';
import { newId } from '../../src/database/ids';
import { read } from '../../src/database/scope';
import type { Principal } from '../../src/domain/actor';
import { Conversation } from '../../src/entities/conversation';
import { Message } from '../../src/entities/message';
import { Visitor } from '../../src/entities/visitor';
import { searchProblem } from '../../src/queries/conversation-search';
import { type ConversationOwner, countConversations, listConversations } from '../../src/queries/conversations';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, insertVisitor, type World } from '../support/world';
import { newConversation } from '../support/world-rows';

let database: StageDatabase;
let application: DataSource;
let worlds: readonly [World, World];

beforeAll(async () => {
  database = await openDatabase();
  application = await database.openApplication();
  worlds = [await createWorld(database.source), await createWorld(database.source)];
  for (const world of worlds) await addTalk(world);
});
afterAll(async () => {
  await database.close();
});

const WORDS = [
  'Ärger',
  'ärger',
  '50%_off',
  'a\\b\\cde',
  "it's",
  'Rückgabe',
  'ΑΣΤΡΑΣ',
  'invoice',
  'VOICES',
  '退款申请',
  'x y z',
  'İstanbul',
];

/** The same words in every agent, organization and workspace, so that a wall that leaks is seen. */
async function addTalk(world: World): Promise<void> {
  const agents = [world.agent, world.secondAgent, world.otherAgent, world.unassignedAgent];
  for (let row = 0; row < 48; row += 1) {
    const agent = agents[row % agents.length]!;
    const { row: visitor } = await insertVisitor(
      database.source.manager,
      agent,
      `${WORDS[(row * 5) % WORDS.length]} ${row}`,
    );
    await database.source.manager.update(
      Visitor,
      { id: visitor.id },
      { email: row % 3 === 0 ? `in.${row}@voices.example` : null },
    );
    const conversation = { ...newConversation(agent, visitor), lastSequence: 2 };
    await database.source.manager.insert(Conversation, conversation);
    await say(conversation, 1, `${WORDS[row % WORDS.length]} and ${WORDS[(row * 7 + 1) % WORDS.length]}`);
    await say(conversation, 2, `number ${row}`);
  }
}

async function say({ workspaceId, id }: Conversation, sequence: number, text: string): Promise<void> {
  const author = {
    kind: 'TEXT',
    authorKind: 'VISITOR',
    authorUserId: null,
    clientNonce: null,
    handoffId: null,
  } as const;
  const message = { id: newId(), workspaceId, conversationId: id, sequence, text, createdAt: new Date() };
  await database.source.manager.insert(Message, { ...message, ...author });
}

/** What the application finds, in the scope and with the role of who asks. */
async function found(search: string, principal: Principal, owner: ConversationOwner): Promise<string[]> {
  return read(application, principal, async (manager) => {
    const order = { field: 'LAST_MESSAGE_AT', direction: 'DESC' } as const;
    const page = await listConversations(manager, principal, owner, { search }, order, { first: 100 });
    const ids = page.rows.map(({ row }) => row.id).sort();
    expect(await countConversations(manager, principal, owner, { search })).toBe(ids.length);
    return ids;
  });
}

/** The definition, past every wall: all that contains the text, of those whom the principal may see. */
async function naive(search: string, principal: Principal, owner: ConversationOwner): Promise<string[]> {
  const agentIds = principal.kind === 'USER' ? principal.agentIds : null;
  const rows = await database.source.query<{ id: string }[]>(
    `select c.id from conversations c join visitors v on v.id = c.visitor_id
     where c.workspace_id = $1 and ($2::uuid is null or c.organization_id = $2) and ($3::uuid[] is null or c.agent_id = any ($3))
       and (strpos(lower(v.display_name), lower($4)) > 0 or strpos(lower(v.email), lower($4)) > 0
         or exists (select from messages m where m.conversation_id = c.id and strpos(lower(m.text), lower($4)) > 0))`,
    [principal.workspaceId, 'organizationId' in owner ? owner.organizationId : null, agentIds, search.trim()],
  );
  return rows.map(({ id }) => id).sort();
}

const viewersOf = ({
  workspace,
  organization,
  otherOrganization,
  ...people
}: World): [Principal, ConversationOwner][] => [
  [people.owner.principal, { workspaceId: workspace.id }],
  [people.owner.principal, { organizationId: organization.id }],
  [people.owner.principal, { organizationId: otherOrganization.id }],
  [people.operator.principal, { organizationId: organization.id }],
  [people.limited.principal, { organizationId: organization.id }],
  [people.otherMember.principal, { organizationId: otherOrganization.id }],
  [{ ...people.limited.principal, agentIds: [] }, { organizationId: organization.id }],
];

const search = fc
  .tuple(
    fc.constantFrom(...WORDS, 'number 1', 'voices.example', 'nowhere'),
    fc.nat(4),
    fc.integer({ min: 3, max: 12 }),
    fc.nat(2),
  )
  .map(([word, from, length, how]) => {
    const part = [...word].slice(from, from + length).join('');
    if (how === 0) return part;
    return how === 1 ? part.toUpperCase() : ` ${part.toLowerCase()} `;
  })
  .filter((text) => text.trim() !== '' && searchProblem(text) === null);

describe('the search', () => {
  it('finds for whoever asks exactly what contains the text, and nothing of anybody else', async () => {
    let hits = 0;
    const viewer = fc.constantFrom(0, 1).chain((index) => fc.nat(6).map((who) => ({ index, who })));
    await fc.assert(
      fc.asyncProperty(search, viewer, async (text, { index, who }) => {
        const [principal, owner] = viewersOf(worlds[index])[who]!;
        const ids = await found(text, principal, owner);
        expect(ids).toEqual(await naive(text, principal, owner));
        hits += ids.length;
      }),
      { numRuns: 150 },
    );
    expect(hits).toBeGreaterThan(100);
  });

  it.each(['50%_', 'a\\b\\cde', 'x%z0', '___abc', "t's and"])('takes every sign of %j as itself', async (text) => {
    const [principal, owner] = viewersOf(worlds[0])[0]!;
    expect(await found(text, principal, owner)).toEqual(await naive(text, principal, owner));
  });

  it.each([
    ['ab', /three letters or digits/],
    ['%%%', /three letters or digits/],
    ['a b c', /three letters or digits/],
    ['x'.repeat(101), /at most 100/],
  ])('says why it does not look for %j', (text, reason) => {
    expect(searchProblem(text)).toMatch(reason);
  });

  it.each(['', '   ', 'abc', 'ÄÖÜ', '退款申', 'x'.repeat(100)])('takes %j', (text) =>
    expect(searchProblem(text)).toBeNull(),
  );

  it('no longer finds a visitor that was erased', async () => {
    const [world] = worlds;
    const [principal, owner] = viewersOf(world)[0]!;
    const { row: visitor } = await insertVisitor(database.source.manager, world.agent, 'Forgetme Please');
    const conversation = { ...newConversation(world.agent, visitor), lastSequence: 1 };
    await database.source.manager.insert(Conversation, conversation);
    await say(conversation, 1, 'my secret passphrase');
    expect(await found('forgetme', principal, owner)).toEqual([conversation.id]);
    expect(await found('secret passphrase', principal, owner)).toEqual([conversation.id]);
    await eraseVisitor(database, world.owner.principal, { visitorId: visitor.id });
    expect(await found('forgetme', principal, owner)).toEqual([]);
    expect(await found('secret passphrase', principal, owner)).toEqual([]);
  });
});
