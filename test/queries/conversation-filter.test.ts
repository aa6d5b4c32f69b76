import type { DataSource } from 'typeorm';
import type { Principal } from '../../src/domain/actor';
import { Conversation } from '../../src/entities/conversation';
import type { ConversationFilter } from '../../src/queries/conversation-filter';
import { type ConversationOwner, countConversations, listConversations } from '../../src/queries/conversations';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, insertVisitor, type World } from '../support/world';
import { newConversation } from '../support/world-rows';

let database: StageDatabase;
let source: DataSource;
let world: World;
let names: Map<string, string>;

beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
  world = await createWorld(source);
  await createWorld(source);
  names = new Map([[world.conversation.id, 'plain']]);
  const { agent, visitor, otherVisitor, operator, secondAgent, otherAgent, unassignedAgent } = world;
  await add('waiting', newConversation(agent, visitor.row), {
    controller: 'NONE',
    handoffState: 'REQUESTED',
    waitingSince: new Date(),
  });
  await add('taken', newConversation(agent, otherVisitor.row), {
    controller: 'HUMAN',
    handoffState: 'ACCEPTED',
    operatorId: operator.id,
  });
  await add('closed', newConversation(agent, otherVisitor.row), {
    status: 'CLOSED',
    controller: 'NONE',
    closedAt: new Date(),
  });
  for (const [name, its] of [
    ['second', secondAgent],
    ['other', otherAgent],
    ['unassigned', unassignedAgent],
  ] as const) {
    await add(name, newConversation(its, (await insertVisitor(source.manager, its, `Visitor of ${name}`)).row), {});
  }
});
afterAll(() => database.close());

async function add(name: string, row: Conversation, change: Partial<Conversation>): Promise<void> {
  await source.manager.insert(Conversation, { ...row, ...change });
  names.set(row.id, name);
}

async function found(
  filter: ConversationFilter | null,
  principal: Principal = world.owner.principal,
  owner?: ConversationOwner,
): Promise<string[]> {
  const whose = owner ?? { workspaceId: world.workspace.id };
  const [one, ...others] = await Promise.all(
    (['URGENCY', 'LAST_MESSAGE_AT', 'CREATED_AT'] as const).map(async (field) => {
      const order = { field, direction: 'DESC' } as const;
      const page = await listConversations(source.manager, principal, whose, filter, order, { first: 100 });
      expect(await countConversations(source.manager, principal, whose, filter)).toBe(page.rows.length);
      return page.rows.map(({ row }) => names.get(row.id) ?? row.id).sort();
    }),
  );
  // Each order reads from other indexes.
  for (const other of others) expect(other).toEqual(one);
  return one!;
}

describe('the filter of conversations', () => {
  it.each<[string, () => ConversationFilter, string[]]>([
    ['statuses', () => ({ statuses: ['CLOSED'] }), ['closed']],
    ['no statuses', () => ({ statuses: [] }), []],
    ['controllers', () => ({ controllers: ['HUMAN', 'NONE'] }), ['closed', 'taken', 'waiting']],
    ['handoffStates', () => ({ handoffStates: ['REQUESTED', 'ACCEPTED'] }), ['taken', 'waiting']],
    ['agentIds', () => ({ agentIds: [world.secondAgent.id, world.otherAgent.id] }), ['other', 'second']],
    ['operatorIds', () => ({ operatorIds: [world.operator.id] }), ['taken']],
    ['operatorIds of somebody without one', () => ({ operatorIds: [world.secondOperator.id] }), []],
    ['assigned', () => ({ unassigned: false }), ['taken']],
    ['controllers of a person', () => ({ controllers: ['HUMAN'] }), ['taken']],
    ['handoffStates of those who wait', () => ({ handoffStates: ['REQUESTED'] }), ['waiting']],
    ['handoffStates of those whom somebody has', () => ({ handoffStates: ['ACCEPTED'] }), ['taken']],
    ['no handoffStates', () => ({ handoffStates: [] }), []],
    ['one status and no other', () => ({ statuses: ['CLOSED', 'CLOSED'] }), ['closed']],
    ['an agent twice', () => ({ agentIds: [world.secondAgent.id, world.secondAgent.id] }), ['second']],
    ['no agents', () => ({ agentIds: [] }), []],
    ['several at once', () => ({ statuses: ['OPEN'], controllers: ['NONE'], unassigned: true }), ['waiting']],
    ['nothing', () => ({}), ['closed', 'other', 'plain', 'second', 'taken', 'unassigned', 'waiting']],
  ])('by %s finds those alone', async (_name, filter, expected) => {
    expect(await found(filter())).toEqual(expected);
  });

  it('by unassigned leaves out what somebody has', async () => {
    expect(await found({ unassigned: true })).not.toContain('taken');
  });
});

describe('whose conversations', () => {
  const ofOrganization = (): ConversationOwner => ({ organizationId: world.organization.id });

  it('an organization has those of its own', async () => {
    expect(await found(null, world.operator.principal, ofOrganization())).toEqual([
      'closed',
      'plain',
      'second',
      'taken',
      'waiting',
    ]);
  });

  it('promise 13: a member who is limited sees those of its agents', async () => {
    const ofAgent = ['closed', 'plain', 'taken', 'waiting'];
    expect(await found(null, world.limited.principal, ofOrganization())).toEqual(ofAgent);
    expect(await found({ agentIds: [world.secondAgent.id] }, world.limited.principal, ofOrganization())).toEqual([]);
    expect(await found(null, { ...world.limited.principal, agentIds: [] }, ofOrganization())).toEqual([]);
  });

  it('a visitor has its own', async () => {
    const mine = { visitorId: world.visitor.id };
    expect(await found(null, world.visitor.principal, mine)).toEqual(['plain', 'waiting']);
  });

  it('the runtime of an agent sees its agent’s alone', async () => {
    expect(await found(null, world.agentKey.principal)).toEqual(['closed', 'plain', 'taken', 'waiting']);
  });

  it('of another workspace are never in the list, whatever owner is asked for', async () => {
    const foreign = await createWorld(source);
    expect(await found(null, foreign.owner.principal, ofOrganization())).toEqual([]);
    expect(await found(null, foreign.owner.principal, { workspaceId: world.workspace.id })).toEqual([
      foreign.conversation.id,
    ]);
    expect(await found(null, foreign.owner.principal, { visitorId: world.visitor.id })).toEqual([]);
  });
});

describe('the count of conversations', () => {
  it('stops at 1000', async () => {
    const many = await createWorld(source);
    const { workspace, agent, visitor } = many;
    await source.query(
      `insert into conversations (id, workspace_id, agent_id, visitor_id, idempotency_key)
       select gen_random_uuid(), $1, $2, $3, n::text from generate_series(1, 1001) n`,
      [workspace.id, agent.id, visitor.id],
    );
    const count = (owner: ConversationOwner) => countConversations(source.manager, many.owner.principal, owner, null);
    expect(await count({ workspaceId: workspace.id })).toBe(1000);
    expect(await count({ organizationId: many.organization.id })).toBe(1);
  });
});
