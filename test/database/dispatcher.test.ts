import { newId } from '../../src/database/ids';
import { SERVER } from '../../src/database/scope';
import { dispatchOutbox } from '../../src/database/outbox';
import { transact, Transaction } from '../../src/database/transact';
import type { LoggedEvent, NewEvent } from '../../src/domain/events';
import { readEventsAfter } from '../../src/queries/read-events';
import { until } from '../realtime/support';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;

beforeAll(async () => {
  database = await openDatabase(25);
});
beforeEach(async () => {
  await database.source.query('delete from outbox');
  await database.source.query('delete from events');
  await database.source.query('update event_log set position = 0');
});
afterAll(() => database.close());

const workspaceId = newId();

function event(change: Partial<NewEvent> = {}): NewEvent {
  return {
    name: 'MESSAGE_ADDED',
    workspaceId,
    organizationId: null,
    agentId: null,
    conversationId: null,
    userId: null,
    subjectId: newId(),
    snapshot: null,
    ...change,
  };
}

const log = async (): Promise<readonly LoggedEvent[]> =>
  (await readEventsAfter(database.source.manager, 0, 100_000)).events;
const write = (...events: NewEvent[]): Promise<void> =>
  transact(database, SERVER, async (transaction) => transaction.append(...events));

describe('dispatchOutbox', () => {
  it('with nothing to tell moves nothing and tells where the log stands', async () => {
    await write(event());
    expect(await dispatchOutbox(database.source)).toEqual({ position: 1, moved: 1 });
    expect(await dispatchOutbox(database.source)).toEqual({ position: 1, moved: 0 });
  });

  it('moves an event as an erasure left it that was not committed when the dispatcher began', async () => {
    const conversationId = newId();
    await write(event({ conversationId, snapshot: { text: 'secret' } }), event());
    const erasing = database.source.createQueryRunner();
    await erasing.startTransaction();
    await erasing.query(`update outbox set name = 'ERASED', snapshot = null where conversation_id = $1`, [
      conversationId,
    ]);
    const dispatching = dispatchOutbox(database.source);
    await until('the dispatcher waits', async () => {
      const waiting = await database.source.query<unknown[]>(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await erasing.commitTransaction();
    await erasing.release();
    expect(await dispatching).toEqual({ position: 2, moved: 2 });
    expect(await log()).toMatchObject([
      { position: 1, name: 'ERASED', snapshot: null },
      { position: 2, name: 'MESSAGE_ADDED' },
    ]);
  });

  it('keeps every field of an event', async () => {
    const [organizationId, agentId, conversationId, userId] = [newId(), newId(), newId(), newId()];
    const snapshot = { text: 'a "quoted" \\ line\n\u{1F600}', at: new Date(0), nested: { list: [1, null] } };
    const complete = event({ organizationId, agentId, conversationId, userId, snapshot });
    await write(complete);
    await dispatchOutbox(database.source);
    const [logged] = await log();
    expect(logged).toEqual({
      ...complete,
      snapshot: { ...snapshot, at: '1970-01-01T00:00:00.000Z' },
      position: 1,
      occurredAt: expect.any(Date),
    });
  });

  it('moves more than a batch in one call, in order', async () => {
    const events = Array.from({ length: 1203 }, () => event());
    await write(...events);
    expect(await dispatchOutbox(database.source)).toEqual({ position: 1203, moved: 1203 });
    expect((await log()).map(({ subjectId }) => subjectId)).toEqual(events.map(({ subjectId }) => subjectId));
  });

  it('does not see what is not committed, and gives it a later position when it is', async () => {
    const [slow, quick] = [event(), event()];
    await database.source.transaction(async (manager) => {
      const transaction = new Transaction(manager);
      transaction.append(slow);
      await transaction.flush();
      await write(quick);
      expect((await dispatchOutbox(database.source)).moved).toBe(1);
    });
    expect((await dispatchOutbox(database.source)).moved).toBe(1);
    expect((await log()).map(({ subjectId }) => subjectId)).toEqual([quick.subjectId, slow.subjectId]);
  });

  it('six at once, while 32 writers commit and every fourth rolls back, lose nothing, double nothing and leave no hole', async () => {
    const told = new Map<string, string[]>();
    const lost = new Set<string>();
    let writing = 32;
    const writer = async (index: number): Promise<void> => {
      const conversationId = newId();
      const subjects: string[] = [];
      for (let round = 0; round < 8; round += 1) {
        const events = Array.from({ length: 3 }, () => event({ conversationId }));
        const fails = (index + round) % 4 === 0;
        const work = transact(database, SERVER, async (transaction) => {
          transaction.append(...events);
          if (!fails) return;
          await transaction.flush();
          throw new Error('rolled back');
        });
        await work.then(
          () => subjects.push(...events.map(({ subjectId }) => subjectId)),
          () => events.forEach(({ subjectId }) => lost.add(subjectId)),
        );
      }
      told.set(conversationId, subjects);
      writing -= 1;
    };
    let moved = 0;
    const dispatcher = async (): Promise<void> => {
      do {
        const batch = await dispatchOutbox(database.source);
        moved += batch.moved;
      } while (writing > 0);
    };
    await Promise.all([
      ...Array.from({ length: 32 }, (_, index) => writer(index)),
      ...Array.from({ length: 6 }, () => dispatcher()),
    ]);
    const rest = await dispatchOutbox(database.source);
    moved += rest.moved;

    const events = await log();
    expect(events).toHaveLength(32 * 6 * 3);
    expect(moved).toBe(events.length);
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    expect(lost.size).toBe(32 * 2 * 3);
    expect(events.filter(({ subjectId }) => lost.has(subjectId))).toEqual([]);
    for (const [conversationId, subjects] of told) {
      const mine = events.filter((one) => one.conversationId === conversationId).map(({ subjectId }) => subjectId);
      expect(mine).toEqual(subjects);
    }
    expect(await database.source.query('select 1 from outbox')).toEqual([]);
  });

  it('never lets a reader see a position before all earlier ones', async () => {
    let writing = true;
    const seen: number[] = [];
    const reader = async (): Promise<void> => {
      while (writing || seen.length < 300) {
        const { events, top } = await readEventsAfter(database.source.manager, seen.length, 1000);
        seen.push(...events.map(({ position }) => position));
        expect(seen.length).toBe(top);
      }
    };
    const work = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(Array.from({ length: 5 }, () => write(event(), event(), event())));
        await Promise.all([dispatchOutbox(database.source), dispatchOutbox(database.source)]);
      }
      writing = false;
    };
    await Promise.all([work(), reader()]);
    expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });
});
