import { Conversation } from '../../src/entities/conversation';
import { type ConversationOrder, listConversations } from '../../src/queries/conversations';
import { PageRequestError } from '../../src/queries/cursors';
import type { PageRequest } from '../../src/queries/keyset';
import { listMessages } from '../../src/queries/lists';
import { createStage, openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase();
  stage = await createStage(database);
  for (let index = 0; index < 5; index += 1) await stage.says(`text ${index}`);
});
afterAll(() => database.close());

const messages = (page: PageRequest) => listMessages(database.source.manager, stage.conversationId, page);
function conversations(field: ConversationOrder['field'], page: PageRequest) {
  const { workspace, owner } = stage.world;
  const order = { field, direction: 'DESC' } as const;
  return listConversations(database.source.manager, owner.principal, { workspaceId: workspace.id }, null, order, page);
}
const forge = (...values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');
const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (reason: unknown) => reason,
  );

describe('a page request', () => {
  it.each<[string, PageRequest, string]>([
    ['with first and last', { first: 1, last: 1 }, 'last'],
    ['of 0', { first: 0 }, 'first'],
    ['of less than 0', { first: -1 }, 'first'],
    ['of more than 100', { first: 101 }, 'first'],
    ['of more than 100 from the back', { last: 101 }, 'last'],
    ['after a text', { after: 'nonsense' }, 'after'],
    ['after nothing', { after: '' }, 'after'],
    ['before no list', { before: Buffer.from('{}').toString('base64url') }, 'before'],
    ['after a list of another length', { after: forge('1', '2') }, 'after'],
    ['after no number', { after: forge('x') }, 'after'],
    ['after too great a number', { after: forge('99999999999') }, 'after'],
    ['after null', { after: forge(null) }, 'after'],
    ['after a list in a list', { after: forge(['1']) }, 'after'],
    ['after a bare number', { after: forge(1) }, 'after'],
  ])('%s is a PageRequestError that names the argument', async (_case, request, argument) => {
    const error = await reasonOf(messages(request));
    expect(error).toBeInstanceOf(PageRequestError);
    expect((error as PageRequestError).argument).toBe(argument);
  });

  it.each(['2025-02-30 00:00:00+00', '2025-13-01 00:00:00+00', '9999-99-99 99:99:99+99', '2025-01-01 00:00:00+99'])(
    'after the moment %s, which does not exist, is one too, and no error of the database',
    async (moment) => {
      const after = forge(moment, stage.conversationId);
      expect(await reasonOf(conversations('LAST_MESSAGE_AT', { after }))).toBeInstanceOf(PageRequestError);
    },
  );

  it('with the cursor of another list is one too', async () => {
    const [byUrgency, byMessage, byCreation] = await Promise.all(
      (['URGENCY', 'LAST_MESSAGE_AT', 'CREATED_AT'] as const).map(
        async (field) => (await conversations(field, {})).rows[0]!.cursor,
      ),
    );
    const bySequence = (await messages({})).rows[0]!.cursor;
    for (const work of [
      () => messages({ after: byCreation }),
      () => messages({ after: byUrgency }),
      () => conversations('URGENCY', { after: byMessage }),
      () => conversations('LAST_MESSAGE_AT', { after: byCreation }),
      () => conversations('CREATED_AT', { before: byUrgency }),
      () => conversations('CREATED_AT', { before: bySequence }),
    ]) {
      expect(await reasonOf(work())).toBeInstanceOf(PageRequestError);
    }
  });

  it('with SQL in a cursor reads nothing but a PageRequestError', async () => {
    const after = forge("1'; drop table messages; --");
    expect(await reasonOf(messages({ after }))).toBeInstanceOf(PageRequestError);
  });
});

describe('a page', () => {
  it('beyond the last row is empty, and there is nothing after it', async () => {
    const all = await messages({});
    const page = await messages({ after: all.rows.at(-1)!.cursor });
    expect(page).toEqual({ rows: [], hasNextPage: false, hasPreviousPage: true });
  });

  it('of exactly the rest has no next one', async () => {
    expect((await messages({ first: 5 })).hasNextPage).toBe(false);
    expect((await messages({ first: 4 })).hasNextPage).toBe(true);
    expect((await messages({ last: 5 })).hasPreviousPage).toBe(false);
    expect((await messages({ last: 4 })).hasPreviousPage).toBe(true);
  });

  it('from the back is in the order of the list', async () => {
    expect((await messages({ last: 2 })).rows.map(({ row }) => row.sequence)).toEqual([4, 5]);
  });

  it('has rows as the entity has them, and no column beside', async () => {
    const page = await conversations('URGENCY', {});
    expect(page.rows[0]!.row).toEqual(await stage.row());
    expect(page.rows[0]!.row).toBeInstanceOf(Conversation);
  });

  it('whose cursor names a moment in another time zone goes on at the same place', async () => {
    const { cursor } = (await conversations('LAST_MESSAGE_AT', {})).rows[0]!;
    const [moment, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
    const shifted = await database.source.query<{ text: string }[]>(
      `select to_char(($1::timestamptz at time zone 'UTC') + interval '5 h 30 min', 'YYYY-MM-DD HH24:MI:SS.US') || '+05:30' as text`,
      [moment],
    );
    expect((await conversations('LAST_MESSAGE_AT', { after: forge(shifted[0]!.text, id) })).rows).toEqual([]);
    expect((await conversations('LAST_MESSAGE_AT', { after: cursor })).rows).toEqual([]);
  });
});
