import { Client } from 'pg';
import { createDataSource } from '../../src/database/data-source';
import { type Read, type Scope, SERVER } from '../../src/database/scope';
import { shareReads } from '../../src/database/shared-reads';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';

let database: StageDatabase;
let ours: World;
let theirs: World;
let readOf: (scope: Scope) => Read;
const { query } = Client.prototype;
const statements: string[] = [];

beforeAll(async () => {
  database = await openDatabase(4);
  ours = await createWorld(database.source);
  theirs = await createWorld(database.source);
  Client.prototype.query = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    statements.push(typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text));
    return Reflect.apply(query, this, args);
  } as typeof query;
});
beforeEach(() => {
  readOf = shareReads(database.source);
  statements.length = 0;
});
afterAll(async () => {
  Client.prototype.query = query;
  await database.close();
});

const scopeOf = (world: World): Scope => ({ workspaceId: world.workspace.id });
const begun = (): number => statements.filter((text) => /^begin/i.test(text)).length;
const select = (scope: Scope, sql: string): Promise<{ n: number }[]> =>
  readOf(scope)((manager) => manager.query<{ n: number }[]>(sql));
const one = (scope: Scope, n: number): Promise<number> => select(scope, `select ${n} as n`).then(([row]) => row!.n);
const agents = (scope: Scope): Promise<number> =>
  select(scope, 'select count(*)::int as n from agents').then(([row]) => row!.n);

describe('reads of one request', () => {
  it('that are asked for together share a transaction, and each gets its own answer', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => one(scopeOf(ours), n)));
    expect(answers).toEqual([1, 2, 3, 4, 5]);
    expect(begun()).toBe(1);
  });

  it('that follow from each other share it as well', async () => {
    expect(await one(scopeOf(ours), (await one(scopeOf(ours), 7)) + 1)).toBe(8);
    expect(begun()).toBe(1);
  });

  it('of several scopes see each their own', async () => {
    const [mine, its, all] = await Promise.all([agents(scopeOf(ours)), agents(scopeOf(theirs)), agents(SERVER)]);
    expect(mine + its).toBe(all);
    expect(mine).toBeGreaterThan(0);
    expect(begun()).toBe(3);
  });

  it('of a member and of the staff are not the same scope', async () => {
    const member = { workspaceId: ours.workspace.id, organizationId: ours.otherOrganization.id };
    const count = (scope: Scope) => select(scope, 'select count(*)::int as n from conversations');
    const [[staff], [limited]] = await Promise.all([count(scopeOf(ours)), count(member)]);
    expect(staff!.n).toBeGreaterThan(0);
    expect(limited!.n).toBe(0);
  });

  it('leave a statement that fails to whoever asked for it, and go on', async () => {
    const answers = await Promise.allSettled([
      one(scopeOf(ours), 1),
      select(scopeOf(ours), 'select 1 / 0 as n'),
      one(scopeOf(ours), 3),
      one(scopeOf(ours), 4),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(begun()).toBe(2);
  });

  it('see what was committed while they went on', async () => {
    const before = await agents(scopeOf(ours));
    await database.source.query('update agents set workspace_id = workspace_id');
    await database.source.query(
      `insert into agents (id, workspace_id, display_name, public_key, handoff_title, handoff_subtitle, announcements)
       values (gen_random_uuid(), $1, 'New', gen_random_uuid()::text, 't', 's', '{}')`,
      [ours.workspace.id],
    );
    expect(await agents(scopeOf(ours))).toBe(before + 1);
  });

  it('cannot write', async () => {
    await expect(select(scopeOf(ours), 'delete from hosts')).rejects.toThrow(/read-only transaction/);
  });

  it('are all answered whenever they come, more than fit in one transaction', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        for (let turn = 0; turn < n % 7; turn += 1) await (n % 2 === 0 ? Promise.resolve() : one(scopeOf(ours), turn));
        return one(scopeOf(ours), n);
      }),
    );
    expect(answers).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  it('are all refused when there is no connection to be had', async () => {
    const gone = createDataSource({ url: database.applicationUrl, poolSize: 1, applicationName: 'baton-test' });
    await gone.initialize();
    await gone.destroy();
    const reads = shareReads(gone)(scopeOf(ours));
    const answers = await Promise.allSettled([1, 2, 3].map((n) => reads((manager) => manager.query(`select ${n}`))));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
