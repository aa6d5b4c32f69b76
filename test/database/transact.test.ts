import { QueryFailedError } from 'typeorm';
import { newId } from '../../src/database/ids';
import { sqlStateOf, transact, type Transaction, violatedUnique } from '../../src/database/transact';
import type { NewEvent } from '../../src/domain/events';
import { Organization } from '../../src/entities/organization';
import { createWorld, type World } from '../support/world';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let world: World;
let wakes = 0;

beforeAll(async () => {
  const opened = await openDatabase();
  database = { ...opened, afterCommit: () => void (wakes += 1) };
});
beforeEach(async () => {
  await database.source.query('delete from outbox');
  world = await createWorld(database.source);
  wakes = 0;
});
afterAll(() => database.close());

function event(subjectId = newId()): NewEvent {
  return {
    name: 'MESSAGE_ADDED',
    workspaceId: world.workspace.id,
    organizationId: null,
    agentId: null,
    conversationId: null,
    userId: null,
    subjectId,
    snapshot: null,
  };
}

const outbox = async (): Promise<string[]> =>
  (await database.source.query<{ subject_id: string }[]>('select subject_id from outbox order by id')).map(
    (row) => row.subject_id,
  );
const rename = (transaction: Transaction, id: string, name: string): Promise<number> =>
  transaction.rows(Organization, world.workspace.id).update({ id }, { name });
const nameOf = async (id: string): Promise<string> =>
  (await database.source.manager.findOneByOrFail(Organization, { id })).name;

describe('transact', () => {
  it('whose work fails leaves neither rows nor events, wakes nobody and passes the error on', async () => {
    const failure = new Error('no');
    const work = transact(database, world.owner.principal, async (transaction) => {
      await rename(transaction, world.organization.id, 'changed');
      transaction.append(event());
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await nameOf(world.organization.id)).toBe('client');
    expect([await outbox(), wakes]).toEqual([[], 0]);
  });

  it('whose commit fails tells nothing', async () => {
    const work = transact(database, world.owner.principal, async (transaction) => {
      transaction.append(event());
      // Deferred: a reference to no handoff is found out at the commit.
      await transaction.manager.query('update conversations set handoff_id = $1 where id = $2', [
        newId(),
        world.conversation.id,
      ]);
    });
    await expect(work).rejects.toThrow(/foreign key/);
    expect([await outbox(), wakes]).toEqual([[], 0]);
  });

  it('writes its events in order, and wakes the dispatcher once, after the commit', async () => {
    const events = Array.from({ length: 20 }, () => event());
    const result = await transact(database, world.owner.principal, async (transaction) => {
      transaction.append(...events.slice(0, 3));
      transaction.append(...events.slice(3));
      expect(wakes).toBe(0);
      return 'result';
    });
    expect(result).toBe('result');
    expect([await outbox(), wakes]).toEqual([events.map(({ subjectId }) => subjectId), 1]);
  });

  it('without events wakes nobody', async () => {
    await transact(database, world.owner.principal, (transaction) =>
      rename(transaction, world.organization.id, 'changed'),
    );
    expect(wakes).toBe(0);
  });

  it('tries a deadlock again: both transactions commit, and each tells its events once', async () => {
    const ids = [world.organization.id, world.otherOrganization.id];
    const attempts = [0, 0];
    let arrived = 0;
    let openGate: () => void = () => undefined;
    const bothHaveOne = new Promise<void>((resolve) => (openGate = resolve));
    const subjects = [newId(), newId()];
    const crossing = (me: 0 | 1): Promise<void> =>
      transact(database, world.owner.principal, async (transaction) => {
        attempts[me]! += 1;
        transaction.append(event(subjects[me]));
        await rename(transaction, ids[me]!, `by ${me}`);
        // Only the first attempts wait for each other; that is the deadlock.
        if (attempts[me] === 1) {
          arrived += 1;
          if (arrived === 2) openGate();
          await bothHaveOne;
        }
        await rename(transaction, ids[1 - me]!, `by ${me}`);
      });
    await Promise.all([crossing(0), crossing(1)]);
    expect([...attempts].sort()).toEqual([1, 2]);
    expect(await nameOf(ids[0]!)).toBe(await nameOf(ids[1]!));
    expect((await outbox()).sort()).toEqual([...subjects].sort());
    expect(wakes).toBe(2);
  });

  it('gives up after five deadlocks', async () => {
    let attempts = 0;
    const work = transact(database, world.owner.principal, async (transaction) => {
      attempts += 1;
      await transaction.manager.query(`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`);
    });
    await expect(work).rejects.toBeInstanceOf(QueryFailedError);
    expect(attempts).toBe(5);
  });

  it('does not try a plain error again', async () => {
    let attempts = 0;
    const work = transact(database, world.owner.principal, async (transaction) => {
      attempts += 1;
      await transaction.manager.query('select 1 / 0');
    });
    await expect(work).rejects.toThrow(/division by zero/);
    expect(attempts).toBe(1);
  });
});

describe('the rows of a tenant', () => {
  it('are never those of another, whatever the condition says', async () => {
    const foreign = await createWorld(database.source);
    const { id } = foreign.organization;
    await transact(database, world.owner.principal, async (transaction) => {
      const mine = transaction.rows(Organization, world.workspace.id);
      const condition = { id, workspaceId: foreign.workspace.id };
      expect(await mine.find(condition)).toBeNull();
      expect(await mine.lock(condition)).toBeNull();
      expect(await mine.list(condition)).toEqual([]);
      expect(await mine.update(condition, { name: 'taken' })).toBe(0);
    });
    expect(await nameOf(id)).toBe('client');
  });

  it('are inserted into the tenant’s own workspace, whatever the row says', async () => {
    const foreign = await createWorld(database.source);
    const row = { ...world.organization, id: newId(), slug: 'new', workspaceId: foreign.workspace.id };
    const inserted = await transact(database, world.owner.principal, (transaction) =>
      transaction.rows(Organization, world.workspace.id).insert(row),
    );
    expect(inserted.workspaceId).toBe(world.workspace.id);
    expect((await database.source.manager.findOneByOrFail(Organization, { id: row.id })).workspaceId).toBe(
      world.workspace.id,
    );
  });
});

describe('the reading of a database error', () => {
  it('tells the state and the unique constraint that was hit', async () => {
    const twice = database.source.manager.insert(Organization, { ...world.organization, id: newId() });
    const error: unknown = await twice.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect([sqlStateOf(error), violatedUnique(error)]).toEqual(['23505', 'organizations_workspace_id_slug_key']);
  });

  it('of any other error is null', async () => {
    expect([sqlStateOf(new Error('no')), violatedUnique(new Error('no'))]).toEqual([null, null]);
    const error: unknown = await database.source.query('select 1 / 0').then(
      () => null,
      (reason: unknown) => reason,
    );
    expect([sqlStateOf(error), violatedUnique(error)]).toEqual(['22012', null]);
  });
});
