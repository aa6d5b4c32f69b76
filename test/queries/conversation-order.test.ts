import type { DataSource } from 'typeorm';
import { newId } from '../../src/database/ids';
import { Conversation } from '../../src/entities/conversation';
import { ConversationRead } from '../../src/entities/conversation-read';
import { Handoff } from '../../src/entities/handoff';
import { type ConversationOrder, listConversations } from '../../src/queries/conversations';
import type { Page, PageRequest } from '../../src/queries/keyset';
import { ReadColumns } from '../../src/queries/read-columns';
import { read as readIn } from '../../src/database/scope';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';
import { newConversation } from '../support/world-rows';

const COUNT = 60;
const PAGE = 7;
const START = Date.UTC(2025, 0, 1);

let database: StageDatabase;
let source: DataSource;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
  world = await createWorld(source);
  await source.manager.delete(Conversation, { id: world.conversation.id });
  await addConversations(COUNT);
});
afterAll(() => database.close());

/** Some wait, some are unread, and many share a moment: to the millisecond, or but for a microsecond. */
async function addConversations(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index): Conversation => {
    const at = new Date(START + (index % 11) * 1000);
    const base = { ...newConversation(world.agent, world.visitor.row), lastMessageAt: at, lastSequence: index % 5 };
    if (index % 4 !== 0) return base;
    return {
      ...base,
      controller: 'NONE',
      handoffState: 'REQUESTED',
      waitingSince: new Date(START + (index % 3) * 1000),
    };
  });
  const shuffled = rows.map((row, index) => ({ ...row, id: rows[(index * 7) % count]!.id }));
  await source.manager.insert(Conversation, shuffled);
  const read = shuffled.filter((_, index) => index % 3 === 0);
  const marks = read.map(({ id }) => ({
    workspaceId: world.workspace.id,
    conversationId: id,
    readerId: world.operator.id,
    sequence: 3,
  }));
  await source.manager.insert(ConversationRead, marks);
  const ids = shuffled.filter((_, index) => index % 2 === 0).map(({ id }) => id);
  await source.query(
    `update conversations set last_message_at = last_message_at + interval '1 microsecond' where id = any ($1)`,
    [ids],
  );
}

interface Facts {
  readonly id: string;
  readonly rank: number;
  readonly waiting: number;
  readonly last: number;
}

/** The order of the contract, by a plain sort of everything. */
async function sorted({ field, direction }: ConversationOrder): Promise<string[]> {
  const micros = (column: string): string => `coalesce((extract(epoch from ${column}) * 1000000)::float8, 0)`;
  const facts = await source.query<Facts[]>(
    `select c.id, ${micros('waiting_since')} as waiting, ${micros('last_message_at')} as last,
       case when waiting_since is not null then 0 when last_sequence > coalesce(r.sequence, 0) then 1 else 2 end as rank
     from conversations c left join conversation_reads r on r.conversation_id = c.id and r.reader_id = $1
     where c.workspace_id = $2`,
    [world.operator.id, world.workspace.id],
  );
  const newestFirst = (one: Facts, other: Facts): number => (one.id < other.id ? 1 : -1);
  const orders: Record<ConversationOrder['field'], (one: Facts, other: Facts) => number> = {
    CREATED_AT: newestFirst,
    LAST_MESSAGE_AT: (one, other) => other.last - one.last || newestFirst(one, other),
    // Requests that wait first, the longest wait on top, then unread, then the rest by last message.
    URGENCY: (one, other) =>
      one.rank - other.rank || one.waiting - other.waiting || other.last - one.last || newestFirst(one, other),
  };
  const ids = facts.sort(orders[field]).map(({ id }) => id);
  return direction === 'DESC' ? ids : ids.reverse();
}

function read(order: ConversationOrder | null, page: PageRequest): Promise<Page<Conversation>> {
  const owner = { organizationId: world.organization.id };
  return listConversations(source.manager, world.operator.principal, owner, null, order, page);
}

type Reader = typeof read;
const columns = new ReadColumns();

/** As a document that comes again is answered: with the columns that it reads, and after ten times by a plan that is kept. */
function readFew(order: ConversationOrder | null, page: PageRequest): Promise<Page<Conversation>> {
  const owner = { organizationId: world.organization.id };
  const { principal } = world.operator;
  return columns.answer(async (reading) => {
    const found = await readIn(source, principal, (manager) =>
      listConversations(manager, principal, owner, null, order, page, reading),
    );
    // While it is watched, what is needed has to be read.
    idsOf(found);
    return found;
  });
}

const idsOf = (page: Page<Conversation>): string[] => page.rows.map(({ row }) => row.id);

/** All pages, one after the other; `between` runs after the first one. */
async function walk(
  order: ConversationOrder,
  backwards: boolean,
  between = () => Promise.resolve(),
  reader: Reader = read,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let first = true; ; first = false) {
    const request: PageRequest = backwards ? { last: PAGE, before: cursor } : { first: PAGE, after: cursor };
    const page: Page<Conversation> = await reader(order, request);
    expect(backwards ? page.hasNextPage : page.hasPreviousPage).toBe(!first);
    if (backwards) ids.unshift(...idsOf(page));
    else ids.push(...idsOf(page));
    // A cursor that repeats a row would lead in circles.
    expect(new Set(ids).size).toBe(ids.length);
    cursor = page.rows.at(backwards ? 0 : -1)!.cursor;
    if (!(backwards ? page.hasPreviousPage : page.hasNextPage)) return ids;
    expect(page.rows).toHaveLength(PAGE);
    if (first) await between();
  }
}

const ORDERS = (['URGENCY', 'LAST_MESSAGE_AT', 'CREATED_AT'] as const).flatMap((field) =>
  (['DESC', 'ASC'] as const).map((direction): [string, ConversationOrder] => [
    `${field} ${direction}`,
    { field, direction },
  ]),
);

describe.each(ORDERS)('the conversations by %s', (_name, order) => {
  it('from the front, page by page, are all there once and in order', async () => {
    const ids = await walk(order, false);
    expect(ids).toHaveLength(COUNT);
    expect(ids).toEqual(await sorted(order));
  });

  it('from the back, page by page, are the same list', async () => {
    expect(await walk(order, true)).toEqual(await sorted(order));
  });

  it('are the same list, with the same cursors, when few of their columns are read', async () => {
    const ids = await sorted(order);
    for (const backwards of [false, true]) {
      expect(await walk(order, backwards, undefined, readFew)).toEqual(ids);
    }
    const [whole, few] = [await read(order, { first: 30 }), await readFew(order, { first: 30 })];
    expect(few.rows.map(({ cursor }) => cursor)).toEqual(whole.rows.map(({ cursor }) => cursor));
    expect(() => few.rows[0]!.row.status).toThrow('Conversation.status was not selected.');
  });

  it('between two cursors are what lies between them', async () => {
    const all = await read(order, { first: 100 });
    const [after, before] = [all.rows[9]!.cursor, all.rows[20]!.cursor];
    expect(idsOf(await read(order, { first: 100, after, before }))).toEqual(idsOf(all).slice(10, 20));
    expect(idsOf(await read(order, { last: 4, after, before }))).toEqual(idsOf(all).slice(16, 20));
  });
});

describe('the list of conversations', () => {
  it('without an order is by urgency, without a size has 20', async () => {
    const page = await read(null, {});
    expect(idsOf(page)).toEqual((await sorted({ field: 'URGENCY', direction: 'DESC' })).slice(0, 20));
    expect([page.hasNextPage, page.hasPreviousPage]).toEqual([true, false]);
  });

  it('promise 13: puts those who wait first, the longest wait on top', async () => {
    const page = await read({ field: 'URGENCY', direction: 'DESC' }, { first: 100 });
    const waits = page.rows.map(({ row }) => row.waitingSince?.getTime() ?? null);
    const waiting = waits.filter((wait) => wait !== null);
    expect(waiting).toHaveLength(COUNT / 4);
    expect(waits.slice(0, waiting.length)).toEqual([...waiting].sort((one, other) => one - other));
  });

  it('is ordered by what this reader, and no other, has not read', async () => {
    const owner = { organizationId: world.organization.id };
    const order = { field: 'URGENCY', direction: 'DESC' } as const;
    const page = await listConversations(source.manager, world.viewer.principal, owner, null, order, { first: 100 });
    expect(idsOf(page)).not.toEqual(await sorted(order));
    expect([...idsOf(page)].sort()).toEqual([...(await sorted(order))].sort());
  });
});

// Last: these add rows.
describe.each(ORDERS)('while conversations are added, the list by %s', (_name, order) => {
  it.each([false, true])('shows what was there once and in order (backwards: %s)', async (backwards) => {
    const before = await sorted(order);
    const known = new Set(before);
    const ids = await walk(order, backwards, () => addConversations(11));
    expect(ids.filter((id) => known.has(id))).toEqual(before);
    expect(new Set(ids).size).toBe(ids.length);
    const added = (await sorted(order)).filter((id) => !known.has(id));
    await source.manager.delete(Handoff, { conversationId: added[0] ?? newId() });
    await source.manager.delete(Conversation, added);
  });
});
