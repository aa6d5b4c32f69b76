import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { newId } from '../../src/database/ids';
import { type Read, read, type Scope } from '../../src/database/scope';
import { Agent } from '../../src/entities/agent';
import { Conversation } from '../../src/entities/conversation';
import { Handoff } from '../../src/entities/handoff';
import { Message } from '../../src/entities/message';
import { Organization } from '../../src/entities/organization';
import { User } from '../../src/entities/user';
import { Visitor } from '../../src/entities/visitor';
import { Loaders } from '../../src/queries/loaders';
import { ReadColumns, type RowReading, WHOLE_ROWS } from '../../src/queries/read-columns';
import { readEntities } from '../../src/queries/rows';
import { createStage, openDatabase, type Stage, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let source: DataSource;
let stage: Stage;
beforeAll(async () => {
  database = await openDatabase();
  ({ source } = database);
  stage = await createStage(database);
  await stage.says('Hello "you" \\ ü 🙂\n');
  await stage.asks();
  await stage.accepts();
});
afterAll(() => database.close());

const within = <Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> =>
  read(source, stage.world.operator.principal, work);

/** All rows of a table, as a page or a loader reads them. */
function rowsOf<Row extends ObjectLiteral>(entity: EntityTarget<Row>, reading: RowReading): Promise<Row[]> {
  const { tableName } = source.getMetadata(entity);
  const query = { name: `all ${tableName}`, from: `from ${tableName} t where t.id is distinct from $1` };
  return within((manager) => readEntities(manager, entity, query, [newId()], reading));
}

/** Executes, and tells which rows it was given: whole ones, or which columns they have of their own. */
async function answered<Row extends object>(
  columns: ReadColumns,
  rowsIn: (reading: RowReading) => Promise<Row[]>,
  use: (row: Row) => unknown,
): Promise<{ answer: unknown[]; executions: number; columns: string[] }> {
  let executions = 0;
  let given: Row[] = [];
  const answer = await columns.answer(async (reading) => {
    executions += 1;
    given = await rowsIn(reading);
    return given.map((row) => {
      try {
        return use(row);
      } catch {
        return 'an error of the field';
      }
    });
  });
  return { answer, executions, columns: Object.keys(given[0]!).sort() };
}

describe('what a document reads', () => {
  const agents = (reading: RowReading): Promise<Agent[]> => rowsOf(Agent, reading);

  it('is found out the first time, and from then on nothing else is selected', async () => {
    const columns = new ReadColumns();
    const name = ({ displayName }: Agent): string => displayName;
    const first = await answered(columns, agents, name);
    expect(first.columns).toContain('responderKind');
    const second = await answered(columns, agents, name);
    expect(second).toEqual({ answer: first.answer, executions: 1, columns: ['displayName', 'id'] });
  });

  it('is found out anew where it reads what it had not read before, and the answer without it is thrown away', async () => {
    const columns = new ReadColumns();
    const label = (isPublic: boolean) => (agent: Agent) => (isPublic ? agent.publicKey : agent.displayName);
    await answered(columns, agents, label(false));
    await answered(columns, agents, label(false));
    const other = await answered(columns, agents, label(true));
    expect(other.executions).toBe(2);
    expect(other.answer).toEqual((await rowsOf(Agent, WHOLE_ROWS)).map(({ publicKey }) => publicKey));
    const again = await answered(columns, agents, label(true));
    expect([again.executions, again.columns]).toEqual([1, ['displayName', 'id', 'publicKey']]);
    expect((await answered(columns, agents, label(false))).executions).toBe(1);
  });

  it('is nothing where rows are only counted: they have their key', async () => {
    const columns = new ReadColumns();
    await answered(columns, agents, () => 1);
    expect((await answered(columns, agents, () => 1)).columns).toEqual(['id']);
  });

  it('is all of a row that is copied', async () => {
    const columns = new ReadColumns();
    const copy = (agent: Agent): object => ({ ...agent });
    const { answer } = await answered(columns, agents, copy);
    expect((await answered(columns, agents, copy)).answer).toEqual(answer);
  });

  it('is for each entity by itself, and one that has had no rows yet is read whole', async () => {
    const columns = new ReadColumns();
    await answered(columns, agents, ({ displayName }) => displayName);
    const users = (reading: RowReading): Promise<User[]> => rowsOf(User, reading);
    const first = await answered(columns, users, ({ email }) => email);
    expect([first.executions, first.columns.length > 5]).toEqual([1, true]);
    expect((await answered(columns, users, ({ email }) => email)).columns).toEqual(['email', 'id']);
  });

  it('serves two executions at the same time, of which one reads something new', async () => {
    const columns = new ReadColumns();
    const name = ({ displayName }: Agent): string => displayName;
    const key = ({ publicKey }: Agent): string => publicKey;
    const [names, keys] = [await answered(columns, agents, name), await answered(new ReadColumns(), agents, key)];
    const both = await Promise.all([answered(columns, agents, name), answered(columns, agents, key)]);
    expect(both.map(({ answer }) => answer)).toEqual([names.answer, keys.answer]);
  });
});

describe('a row of few columns', () => {
  it.each([Agent, Conversation, Handoff, Message, Organization, User, Visitor])(
    'has in each of them what a whole row has: %p',
    async (entity: EntityTarget<ObjectLiteral>) => {
      const properties = source.getMetadata(entity).columns.filter(({ type }) => type !== 'bytea');
      const values = (row: ObjectLiteral): unknown[] =>
        properties.map(({ propertyName }) => row[propertyName] as unknown);
      const columns = new ReadColumns();
      const rowsIn = (reading: RowReading): Promise<ObjectLiteral[]> => rowsOf(entity, reading);
      const whole = await answered(columns, rowsIn, values);
      expect(whole.answer.length).toBeGreaterThan(0);
      const narrow = await answered(columns, rowsIn, values);
      expect(narrow.columns).toEqual(properties.map(({ propertyName }) => propertyName).sort());
      const sorted = (answer: unknown[]): unknown[] =>
        answer.sort((one, other) => (String(one) < String(other) ? -1 : 1));
      expect(sorted(narrow.answer)).toEqual(sorted(whole.answer));
    },
  );

  it('is a whole one where one of them has no form in JSON', async () => {
    const columns = new ReadColumns();
    const visitors = (reading: RowReading): Promise<Visitor[]> => rowsOf(Visitor, reading);
    const hash = ({ resumeTokenHash }: Visitor): Buffer | null => resumeTokenHash;
    const { answer } = await answered(columns, visitors, hash);
    const second = await answered(columns, visitors, hash);
    expect(second.answer).toEqual(answer);
    expect(second.columns).toContain('email');
  });
});

describe('loaders of few columns', () => {
  it('find what loaders of whole rows find, and nothing for what does not exist', async () => {
    const { world, conversationId } = stage;
    const readOf =
      (scope: Scope): Read =>
      (work) =>
        read(source, scope, work);
    const columns = new ReadColumns();
    const ask = (): Promise<unknown[]> =>
      columns.answer(async (reading) => {
        const load = new Loaders(readOf, world.operator.principal, true, reading);
        const agents = await Promise.all(
          [world.secondAgent.id, newId(), world.agent.id].map((id) => load.agents.load(id)),
        );
        const message = await load.messageAt.load({ conversationId, sequence: 1 });
        const none = await load.messageAt.load({ conversationId, sequence: 999 });
        return [...agents.map((agent) => agent?.displayName), message?.text, none];
      });
    const expected = [world.secondAgent.displayName, undefined, world.agent.displayName, 'Hello "you" \\ ü 🙂\n', null];
    // More often than a text has to come to get a name.
    for (let time = 0; time < 15; time += 1) expect(await ask()).toEqual(expected);
  });
});
