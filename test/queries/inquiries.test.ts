import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { newId } from '../../src/database/ids';
import { type Read, read } from '../../src/database/scope';
import { Inquiry } from '../../src/entities/inquiry';
import { type InquiryFilter, type InquiryOrder, listInquiries } from '../../src/queries/inquiries';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let stage: Stage;
/** From the oldest to the newest; the last to be written to is the first. */
let ids: string[];

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
  ids = [];
  for (const email of ['Anna@example.com', 'anton_@example.com', 'bea@example.com', 'anna@example.org']) {
    const input = { conversationId: stage.conversationId, email, name: null, text: 'q', idempotencyKey: newId() };
    ids.push(accepted(await submitInquiry(database, stage.world.visitor.principal, input)).id);
  }
  const { manager } = database.source;
  const { operator, secondOperator } = stage.world;
  await manager.update(Inquiry, ids[0]!, { lastMessageAt: new Date(Date.now() + 60_000), assigneeId: operator.id });
  await manager.update(Inquiry, ids[1]!, { state: 'ANSWERED', assigneeId: secondOperator.id });
  await manager.update(Inquiry, ids[2]!, { state: 'CLOSED' });
});
afterAll(() => database.close());

async function numbers(
  filter: InquiryFilter | null,
  order: InquiryOrder | null = null,
  agentIds: string[] | null = null,
): Promise<number[]> {
  const principal = { ...stage.world.operator.principal, agentIds };
  const readAsOperator: Read = (work) => read(database.source, principal, work);
  const list = listInquiries(readAsOperator, principal, { organizationId: stage.world.organization.id }, filter, order);
  const found: number[] = [];
  for (let after: string | null = null; ;) {
    const page = await list.page({ first: 1, after });
    found.push(...page.rows.map(({ row }) => ids.indexOf(row.id)));
    expect(found.length).toBeLessThanOrEqual(ids.length);
    if (!page.hasNextPage) break;
    after = page.rows.at(-1)!.cursor;
  }
  expect(await list.count()).toBe(found.length);
  return found;
}

const byMessage = (direction: 'ASC' | 'DESC'): InquiryOrder => ({ field: 'LAST_MESSAGE_AT', direction });

describe('the inquiries of an organization', () => {
  it('are newest first, or in the order that was asked for', async () => {
    expect(await numbers(null)).toEqual([3, 2, 1, 0]);
    expect(await numbers(null, { field: 'CREATED_AT', direction: 'ASC' })).toEqual([0, 1, 2, 3]);
    expect(await numbers(null, byMessage('DESC'))).toEqual([0, 3, 2, 1]);
    expect(await numbers(null, byMessage('ASC'))).toEqual([1, 2, 3, 0]);
  });

  it('are those of the states, agents and assignees', async () => {
    const { operator, secondOperator, agent, secondAgent } = stage.world;
    expect(await numbers({ states: ['OPEN', 'CLOSED', 'OPEN'] })).toEqual([3, 2, 0]);
    expect(await numbers({ states: [] })).toEqual([]);
    expect(await numbers({ assigneeIds: [operator.id, secondOperator.id] }, byMessage('DESC'))).toEqual([0, 1]);
    expect(await numbers({ assigneeIds: [operator.id], states: ['ANSWERED'] })).toEqual([]);
    expect(await numbers({ unassigned: true })).toEqual([3, 2]);
    expect(await numbers({ unassigned: false, agentIds: [agent.id] })).toEqual([1, 0]);
    expect(await numbers({ agentIds: [secondAgent.id] })).toEqual([]);
    expect(await numbers({ agentIds: [agent.id], assigneeIds: [operator.id] })).toEqual([0]);
  });

  it('are for a limited member those of its agents, whatever the filter names', async () => {
    const { agent, secondAgent } = stage.world;
    expect(await numbers({ agentIds: [agent.id] }, null, [secondAgent.id])).toEqual([]);
    expect(await numbers(null, byMessage('DESC'), [agent.id])).toEqual([0, 3, 2, 1]);
  });

  it('are found by how the address begins, and by nothing else of it', async () => {
    expect(await numbers({ search: ' ANNA@ ' })).toEqual([3, 0]);
    expect(await numbers({ search: 'an', states: ['OPEN', 'ANSWERED'] }, byMessage('ASC'))).toEqual([1, 3, 0]);
    expect(await numbers({ search: 'anton_' })).toEqual([1]);
    expect(await numbers({ search: 'a%' })).toEqual([]);
    expect(await numbers({ search: 'example.com' })).toEqual([]);
    expect(await numbers({ search: ' ' })).toHaveLength(4);
  });
});
