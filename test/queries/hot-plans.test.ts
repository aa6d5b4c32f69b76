import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { newId } from '../../src/database/ids';
import { type Scope, SERVER, within } from '../../src/database/scope';
import { NOWHERE, type VisitorPrincipal } from '../../src/domain/actor';
import { authenticate } from '../../src/queries/authenticate';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

// What every request asks must cost what is asked for, however much there is beside it. The planner takes two columns of a
// key for independent ones: it expects one row of a join where there are thousands, and then reads all of them.

const MANY = 2000;
const ASKED = 30;
/** Of 8 KiB. An index leads to a row in about 4; whoever reads 2000 rows for each row touches thousands. */
const PAGES_A_ROW = 30;

let database: StageDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await crowd();
});
afterAll(() => database.close());

const uuid = (kind: string, number: number | 'n'): string =>
  number === 'n' ? `md5('${kind}' || n)::uuid` : `md5('${kind}' || ${number})::uuid`;
const token = (prefix: 'bat_u_' | 'bat_v_', number: number): string =>
  prefix + createHash('sha256').update(String(number)).digest('base64url');

/** Of one agent alone: with several the planner guesses better. */
const [workspace, organization, agent] = [newId(), newId(), newId()];

/** Operators and visitors with a session each, and a conversation of ten messages for each visitor: by SQL, in 2 s. */
async function crowd(): Promise<void> {
  const numbers = Array.from({ length: MANY }, (_, at) => at);
  const sessions = (prefix: 'bat_u_' | 'bat_v_'): string[] =>
    numbers.map((number) => createHash('sha256').update(token(prefix, number)).digest('hex'));
  const rows = `generate_series(0, ${MANY - 1}) n`;
  await database.source.query(`
    insert into workspaces (id, slug, name) values ('${workspace}', 'crowd', 'Crowd');
    insert into organizations (id, workspace_id, slug, name) values ('${organization}', '${workspace}', 'client', 'Client');
    insert into agents (id, workspace_id, organization_id, display_name, public_key, handoff_title, handoff_subtitle, announcements)
      values ('${agent}', '${workspace}', '${organization}', 'Ada', 'pk_crowd', 'Talk to a person', 'We are here', '{}');
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
    await database.source.query(
      `insert into ${table} (id, workspace_id, ${holder}_id, token_hash, expires_at)
       select gen_random_uuid(), $1, md5('${holder}' || place - 1)::uuid, decode(hash, 'hex'), now() + interval '1 day'
       from unnest($2::text[]) with ordinality as given (hash, place)`,
      [workspace, sessions(prefix)],
    );
  }
  await database.source.query('analyze');
}

interface Asked {
  readonly text: string;
  readonly values: unknown[];
}

/** The statements with parameters that `work` sends, and its result. */
async function statementsOf(work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const query = Client.prototype.query as unknown as (this: Client, ...parameters: unknown[]) => unknown;
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...parameters: unknown[]
  ) {
    const [text, values] = parameters;
    if (typeof text === 'string' && Array.isArray(values)) asked.push({ text, values });
    return query.apply(this, parameters) as never;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return asked;
}

/** Pages that a statement touches, in a transaction that does not stay. */
async function pagesOf(scope: Scope, { text, values }: Asked): Promise<number> {
  const undone = new Error('undone');
  let pages = 0;
  const explained = within(database.source, scope, async (manager) => {
    interface Plan {
      'Shared Hit Blocks': number;
      'Shared Read Blocks': number;
    }
    const [row] = await manager.query<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    pages = (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN);
    throw undone;
  });
  await expect(explained).rejects.toBe(undone);
  return pages;
}

const numbers = Array.from({ length: ASKED }, (_, at) => at * 7);

describe.each(['bat_u_', 'bat_v_'] as const)('finding out who calls, by %s…', (prefix) => {
  it('reads as many rows as there are callers', async () => {
    const asked = await statementsOf(async () => {
      const found = await Promise.all(
        numbers.map((number) => authenticate(database.source, `Bearer ${token(prefix, number)}`)),
      );
      expect(found).not.toContain(null);
    });
    const many = asked.filter(({ values: [hashes] }) => Array.isArray(hashes) && hashes.length === ASKED - 1);
    expect(many).toHaveLength(1);
    for (const statement of many) expect(await pagesOf(SERVER, statement)).toBeLessThan(ASKED * PAGES_A_ROW);
  });
});

describe('sending', () => {
  it('reads and writes as many rows as there are messages', async () => {
    const ids = await database.source.query<{ visitor: string; conversation: string }[]>(
      `select ${uuid('visitor', 'n')} as visitor, ${uuid('conversation', 'n')} as conversation from unnest($1::int[]) n`,
      [numbers],
    );
    const asked = await statementsOf(() =>
      Promise.all(
        ids.map(({ visitor, conversation }) => {
          const principal: VisitorPrincipal = {
            ...NOWHERE,
            kind: 'VISITOR',
            workspaceId: workspace,
            visitorId: visitor,
            sessionId: newId(),
            agentId: agent,
          };
          const input = { conversationId: conversation, clientNonce: newId(), text: 'Hello again' };
          return sendMessage(database, principal, input).then(({ refusals }) => expect(refusals).toEqual([]));
        }),
      ),
    );
    const batch = asked.slice(
      asked.findIndex(({ values: [first] }) => Array.isArray(first) && first.length === ASKED - 1),
    );
    // The locks, the conversations, the nonces, and what is written.
    expect(batch).toHaveLength(4);
    const pages = [];
    for (const statement of batch.slice(0, 3)) pages.push(await pagesOf({ workspaceId: workspace }, statement));
    for (const touched of pages) expect(touched).toBeLessThan(ASKED * PAGES_A_ROW);
  });
});
