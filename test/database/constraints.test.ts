import type { DataSource } from 'typeorm';
import { sqlStateOf } from '../../src/database/transact';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';
import { fullStage } from './full-stage';

let database: StageDatabase;
let source: DataSource;
let ours: Stage;
let theirs: Stage;

beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
  ours = await fullStage(database);
  theirs = await fullStage(database);
  // So that a row of ours that came to theirs would meet no unique index: only the reference can refuse it.
  accepted(await theirs.handsBack());
  await source.query('delete from deliveries where workspace_id = $1', [theirs.world.workspace.id]);
});
afterAll(() => database.close());

/** Written with its message, in one transaction: a composite key would cost the largest table one more index. */
const NOT_SCOPED: string[] = [];

interface Reference {
  readonly name: string;
  readonly child: string;
  readonly columns: string[];
  readonly parent: string;
  readonly targets: string[];
}

const names = (table: string, keys: string): string =>
  `array(select a.attname::text from unnest(${keys}) with ordinality k(n, i)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = k.n order by k.i)`;

function readReferences(): Promise<Reference[]> {
  return source.query<Reference[]>(
    `select conname as name, conrelid::regclass::text as child, ${names('conrelid', 'conkey')} as columns,
       confrelid::regclass::text as parent, ${names('confrelid', 'confkey')} as targets
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 2, 1`,
  );
}

/** What PostgreSQL says when our row is pointed at one of theirs; null: it lets it through. */
async function pointAcross(reference: Reference, columns: string[]): Promise<string | null> {
  const { child, parent, targets } = reference;
  const filled = reference.columns.map((column) => `${column} is not null`).join(' and ');
  const set = columns.map((column) => {
    const target = targets[reference.columns.indexOf(column)]!;
    return `${column} = (select ${target} from ${parent} where workspace_id = $2 order by id limit 1)`;
  });
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  try {
    if (child === 'messages') set.push('sequence = 1000');
    const one = `(select ctid from ${child} where workspace_id = $1 and ${filled} limit 1)`;
    const sql = `update ${child} set ${set.join(', ')} where ctid = ${one} returning 1`;
    const [, changed] = (await runner.query(sql, [ours.world.workspace.id, theirs.world.workspace.id])) as [
      unknown,
      number,
    ];
    expect([reference.name, changed > 0]).toEqual([reference.name, true]);
    await runner.query('set constraints all immediate');
    return null;
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    return sqlStateOf(error);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

describe('a reference from one workspace to a row of another', () => {
  it('is refused by the database, for every reference that there is', async () => {
    const references = (await readReferences()).filter(({ parent }) => parent !== 'workspaces');
    expect(references.length).toBeGreaterThan(25);
    const open: string[] = [];
    for (const reference of references) {
      const own = reference.columns.filter((column) => column !== 'workspace_id' && column !== 'id');
      for (const columns of [own, own.slice(-1)]) {
        const state = await pointAcross(reference, columns);
        if (state !== '23503') open.push(`${reference.child} (${columns.join(', ')}): ${state}`);
      }
    }
    expect([...new Set(open)]).toEqual(NOT_SCOPED);
  });

  it('is impossible for every column that names another row, but for those that need none', async () => {
    const references = await readReferences();
    const covered = new Set(references.flatMap(({ child, columns }) => columns.map((column) => `${child}.${column}`)));
    const columns = await source.query<{ name: string }[]>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and data_type = 'uuid' and column_name like '%\\_id' order by 1`,
    );
    const uncovered = columns.map(({ name }) => name).filter((name) => !covered.has(name));
    const history = /^(events|outbox|event_log|presences|watches)\.|^audit_entries\.(actor|impersonator|subject)_id/;
    expect(uncovered.filter((name) => !history.test(name))).toEqual([
      // A user or a visitor.
      'conversation_reads.reader_id',
      // Outlives the subscription: what was sent where is history.
      'deliveries.push_subscription_id',
      // Copied from the conversation by the command that writes them, under its lock.
      'handoff_holds.agent_id',
      'handoff_holds.organization_id',
      'handoffs.agent_id',
      'handoffs.organization_id',
      'inquiries.agent_id',
      // A handoff, a hold, an inquiry or a message.
      'notifications.subject_id',
    ]);
  });
});

describe('the database', () => {
  const update = (table: string, change: string) =>
    source.query(`update ${table} set ${change} where workspace_id = $1`, [ours.world.workspace.id]);

  it.each([
    ['conversations', `controller = 'AI'`, 'a person named while the AI is in control'],
    ['conversations', `operator_id = null`, 'a person in control whom nobody names'],
    ['conversations', `handoff_state = 'RETURNED'`, 'a person in control without an accepted handoff'],
    ['conversations', `waiting_since = now()`, 'waiting without a request'],
    ['conversations', `status = 'CLOSED'`, 'a closed conversation with a person in control'],
    ['conversations', `status = 'GONE'`, 'an unknown status'],
    ['conversations', `controller = 'ROBOT'`, 'an unknown controller'],
    [
      'handoffs',
      `state = 'REQUESTED', answer_by = null, accepted_by_id = null, ended_at = null`,
      'a request without a deadline',
    ],
    ['handoffs', `accepted_by_id = null`, 'an accepted handoff that nobody accepted'],
    ['handoffs', `ended_at = case when ended_at is null then now() end`, 'an open handoff that has ended'],
    ['messages', `sequence = 0`, 'a sequence of 0'],
    ['messages', `author_user_id = null`, 'an operator’s message of nobody'],
    ['messages', `kind = 'HTML'`, 'an unknown kind of message'],
    ['turns', `state = 'OPEN'`, 'an open turn that has ended'],
    ['users', `workspace_role = 'ADMIN'`, 'staff of an organization'],
    ['users', `workspace_role = null`, 'staff of nothing'],
    ['users', `permissions = '{FLY}'`, 'an unknown permission'],
    ['agents', `request_timeout_seconds = 0`, 'a deadline of 0 s'],
    ['agents', `request_timeout_seconds = 86401`, 'a deadline of more than a day'],
    ['inquiries', `state = 'LOST'`, 'an unknown state of an inquiry'],
    ['deliveries', `notification_id = null, inquiry_answer_id = null`, 'a delivery of nothing'],
    ['deliveries', `channel = 'EMAIL'`, 'an e-mail to a push subscription'],
    ['deliveries', `state = 'SENT'`, 'something sent at no time'],
    ['notification_settings', `channels = '{SMS}'`, 'an unknown channel'],
    ['notification_settings', `alert_interval_seconds = 0`, 'an own interval of 0 s'],
    ['organizations', `member_channels = '{SMS}'`, 'an unknown channel of members'],
    ['organizations', `member_events = 'NOTHING'`, 'unknown events of members'],
    ['organizations', `alert_interval_seconds = 3601`, 'an interval of more than an hour'],
    ['agents', `alert_interval_seconds = 0`, 'an interval of an agent of 0 s'],
  ])('refuses in %s: %s, %s', async (table, change, _meaning) => {
    const error: unknown = await update(table, change).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(sqlStateOf(error)).toBe('23514');
  });

  it.each([
    [
      'a second open handoff',
      'insert into handoffs select (jsonb_populate_record(h, jsonb_build_object($$id$$, gen_random_uuid()))).* from handoffs h where state = $$ACCEPTED$$ and workspace_id = $1',
    ],
    [
      'a second message of one sequence',
      'insert into messages select (jsonb_populate_record(m, jsonb_build_object($$id$$, gen_random_uuid(), $$client_nonce$$, null))).* from messages m where workspace_id = $1',
    ],
    [
      'a second message of one nonce',
      'insert into messages select (jsonb_populate_record(m, jsonb_build_object($$id$$, gen_random_uuid(), $$sequence$$, 1000))).* from messages m where client_nonce is not null and workspace_id = $1 limit 1',
    ],
    [
      'a second notification of one event',
      'insert into notifications select (jsonb_populate_record(n, jsonb_build_object($$id$$, gen_random_uuid()))).* from notifications n where workspace_id = $1',
    ],
    [
      'a second delivery to one target',
      'insert into deliveries select (jsonb_populate_record(d, jsonb_build_object($$id$$, gen_random_uuid()))).* from deliveries d where workspace_id = $1',
    ],
    [
      'a second account of one address',
      'insert into users select (jsonb_populate_record(u, jsonb_build_object($$id$$, gen_random_uuid(), $$email$$, upper(u.email)))).* from users u where workspace_id = $1',
    ],
  ])('refuses %s', async (_what, sql) => {
    const error: unknown = await source.query(sql, [ours.world.workspace.id]).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(sqlStateOf(error)).toBe('23505');
  });

  it('refuses a second open turn in a conversation', async () => {
    const stage = await createStage(database);
    await stage.says('hello');
    const copy = `insert into turns select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).* from turns t where id = $1`;
    const error: unknown = await source.query(copy, [(await stage.openTurn()).id]).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(sqlStateOf(error)).toBe('23505');
  });
});
