import { createHash } from 'node:crypto';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { newId } from '../../src/database/ids';
import { dispatchOutbox } from '../../src/database/outbox';
import { read, SERVER } from '../../src/database/scope';
import { NOWHERE, type Principal, type VisitorPrincipal } from '../../src/domain/actor';
import { authenticate } from '../../src/queries/authenticate';
import { changedAccess } from '../../src/queries/changed-access';
import { listConversations } from '../../src/queries/conversations';
import { ReadColumns } from '../../src/queries/read-columns';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { type Asked, mostRowsIn, pagesOf, planOf, scansOf, statementsOf } from './explained';

// What every request asks must cost what is asked for, however much there is beside it. The planner takes two columns of a
// key for independent ones: it expects one row of a join where there are thousands, and then reads all of them.

const MANY = 2000;
const ASKED = 30;
/** Of 8 KiB. An index leads to a row in about 4; whoever reads 2000 rows for each row touches thousands. */
const PAGES_A_ROW = 30;

const uuid = (kind: string, number: number | 'n'): string =>
  number === 'n' ? `md5('${kind}' || n)::uuid` : `md5('${kind}' || ${number})::uuid`;
const token = (prefix: 'bat_u_' | 'bat_v_', number: number): string =>
  prefix + createHash('sha256').update(String(number)).digest('base64url');

/** Of one agent alone: with several the planner guesses better. */
const [workspace, organization, agent] = [newId(), newId(), newId()];

async function settle({ source }: StageDatabase): Promise<void> {
  await source.query(`
    insert into workspaces (id, slug, name) values ('${workspace}', 'crowd', 'Crowd');
    insert into organizations (id, workspace_id, slug, name) values ('${organization}', '${workspace}', 'client', 'Client');
    insert into agents (id, workspace_id, organization_id, display_name, public_key, handoff_title, handoff_subtitle, announcements)
      values ('${agent}', '${workspace}', '${organization}', 'Ada', 'pk_crowd', 'Talk to a person', 'We are here', '{}')`);
}

/** Operators and visitors with a session each, and a conversation of ten messages for each visitor: by SQL, in 2 s. */
async function crowd({ source }: StageDatabase, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const sessions = (prefix: 'bat_u_' | 'bat_v_'): string[] =>
    numbers.map((number) => createHash('sha256').update(token(prefix, number)).digest('hex'));
  const rows = `generate_series(${from}, ${to}) n`;
  await source.query(`
    insert into users (id, workspace_id, organization_id, email, display_name, password_hash, permissions)
      select ${uuid('user', 'n')}, '${workspace}', '${organization}', n || '@example.com', 'Operator', '-', '{HANDLE_CONVERSATIONS}' from ${rows};
    insert into visitors (id, workspace_id, agent_id, display_name) select ${uuid('visitor', 'n')}, '${workspace}', '${agent}', 'Visitor' from ${rows};
    insert into conversations (id, workspace_id, organization_id, agent_id, visitor_id, idempotency_key, last_sequence)
      select ${uuid('conversation', 'n')}, '${workspace}', '${organization}', '${agent}', ${uuid('visitor', 'n')}, 'crowd', 10 from ${rows};
    insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, client_nonce, created_at)
      select gen_random_uuid(), '${workspace}', ${uuid('conversation', 'n')}, s, 'TEXT', 'VISITOR', 'Hello', s::text, now()
        from ${rows}, generate_series(1, 10) s`);
  for (const [table, holder, prefix] of [
    ['sessions', 'user', 'bat_u_'],
    ['visitor_sessions', 'visitor', 'bat_v_'],
  ] as const) {
    await source.query(
      `insert into ${table} (id, workspace_id, ${holder}_id, token_hash, expires_at)
       select gen_random_uuid(), $1, md5('${holder}' || place - 1 + ${from})::uuid, decode(hash, 'hex'), now() + interval '1 day'
       from unnest($2::text[]) with ordinality as given (hash, place)`,
      [workspace, sessions(prefix)],
    );
  }
}

const askWho = (database: StageDatabase, prefix: 'bat_u_' | 'bat_v_', numbers: readonly number[]): Promise<unknown[]> =>
  Promise.all(numbers.map((number) => authenticate(database.source, `Bearer ${token(prefix, number)}`)));

async function send(database: StageDatabase, numbers: readonly number[]): Promise<void> {
  const ids = await database.source.query<{ visitor: string; conversation: string }[]>(
    `select ${uuid('visitor', 'n')} as visitor, ${uuid('conversation', 'n')} as conversation from unnest($1::int[]) n`,
    [numbers],
  );
  const sent = ids.map(({ visitor, conversation }) => {
    const principal: VisitorPrincipal = {
      ...NOWHERE,
      kind: 'VISITOR',
      workspaceId: workspace,
      visitorId: visitor,
      sessionId: newId(),
      agentId: agent,
    };
    return sendMessage(database, principal, {
      conversationId: conversation,
      clientNonce: newId(),
      text: 'Hello again',
    });
  });
  for (const { refusals } of await Promise.all(sent)) expect(refusals).toEqual([]);
}

/** What was asked for most things at once, of those statements that ask for so many. */
function largest(asked: readonly Asked[], pattern: RegExp): Asked & { readonly count: number } {
  const matching = asked
    .filter(({ text }) => pattern.test(text))
    .map((one) => ({ ...one, count: (one.values[0] as unknown[]).length }))
    .sort((left, right) => right.count - left.count);
  expect(matching[0]?.count).toBeGreaterThan(ASKED / 4);
  return matching[0]!;
}

const numbers = Array.from({ length: ASKED }, (_, at) => at * 7);

describe.each([
  ['kept for ten seconds', true],
  ['made each time', false],
])('a plan %s', (_when, isKept) => {
  let database: StageDatabase;
  beforeAll(async () => {
    // One connection, for it is the connection that keeps the plans.
    database = await openDatabase(1, isKept);
    await settle(database);
    await crowd(database, 0, 0);
    // PostgreSQL now knows that the tables are tiny, and would rather read all of one than use an index.
    await database.source.query('vacuum');
    for (const prefix of ['bat_u_', 'bat_v_'] as const) await askWho(database, prefix, [0]);
    await send(database, [0]);
    await crowd(database, 1, MANY - 1);
    if (isKept) jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_001);
    else await database.source.query('analyze');
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await database.close();
  });

  it.each(['bat_u_', 'bat_v_'] as const)(
    'finds out who calls, by %s…, in as many rows as there are',
    async (prefix) => {
      const asked = await statementsOf(async () => expect(await askWho(database, prefix, numbers)).not.toContain(null));
      const many = largest(asked, /select asked\.place/);
      expect(many.name === undefined).toBe(!isKept);
      expect(await pagesOf(database, SERVER, many)).toBeLessThan(many.count * PAGES_A_ROW);
    },
  );

  it('asks what open sockets may still do, in as many rows as there are', async () => {
    const users = await askWho(database, 'bat_u_', numbers);
    const visitors = await askWho(database, 'bat_v_', numbers);
    const principals = [...users, ...visitors] as Principal[];
    const asked = await statementsOf(async () =>
      expect(await changedAccess(database.source, principals)).toEqual(new Map()),
    );
    const many = largest(asked, /as "hasEnded"/);
    expect(many.name === undefined).toBe(!isKept);
    expect(await pagesOf(database, SERVER, many)).toBeLessThan(principals.length * PAGES_A_ROW);
  });

  it.each(['URGENCY', 'LAST_MESSAGE_AT', 'CREATED_AT'] as const)(
    'looks at a page of the list by %s, and no further',
    async (field) => {
      const principal = await authenticate(database.source, `Bearer ${token('bat_u_', 0)}`);
      const order = { field, direction: 'DESC' } as const;
      const columns = new ReadColumns();
      const list = (): Promise<string[]> =>
        columns.answer(async (reading) => {
          const page = await read(database.source, principal!, (manager) =>
            listConversations(
              manager,
              principal!,
              { organizationId: organization },
              null,
              order,
              { first: 50 },
              reading,
            ),
          );
          return page.rows.map(({ row }) => row.id);
        });
      const asked = await statementsOf(async () => {
        // So often that its plan is kept.
        for (let time = 0; time < 12; time += 1) expect(await list()).toHaveLength(50);
      });
      const last = asked.filter(({ text }) => text.startsWith('select json_agg')).at(-1)!;
      expect(last.name === undefined).toBe(!isKept);
      expect(mostRowsIn(await planOf(database, principal!, last))).toBeLessThan(60);
    },
  );

  it('moves an event into the log without looking at those that were moved before', async () => {
    const { source } = database;
    const asked = await statementsOf(() => dispatchOutbox(source));
    // As many as are moved before the next vacuum: 770 pages, which stay, and are empty.
    const event = `'MESSAGE_ADDED', '${workspace}', gen_random_uuid(), jsonb_build_object('text', repeat('x', 500))`;
    const insert = 'insert into outbox (name, workspace_id, subject_id, snapshot)';
    for (const count of [10_000, 1, 1]) {
      await dispatchOutbox(source);
      await source.query(`${insert} select ${event} from generate_series(1, ${count})`);
    }
    const move = asked.find(({ text }) => text.includes('delete from outbox'))!;
    // Not by its pages: what others hold open in this cluster decides how many dead entries the index still shows.
    const scans = scansOf('outbox', await planOf(database, SERVER, move));
    expect(scans).toContain('Index Only Scan');
    expect(scans).not.toContain('Seq Scan');
  });

  it.each([
    ['the locks', /for no key update skip locked/],
    ['the conversations', /\sfrom conversations c join agents/],
    ['the nonces', /\sas sent /],
  ])('reads %s of as many rows as there are messages', async (_what, pattern) => {
    const many = largest(await statementsOf(() => send(database, numbers)), pattern);
    expect(many.name === undefined).toBe(!isKept);
    expect(await pagesOf(database, { workspaceId: workspace }, many)).toBeLessThan(many.count * PAGES_A_ROW);
  });
});
