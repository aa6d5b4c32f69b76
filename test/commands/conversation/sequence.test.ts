import { lockConversation } from '../../../src/commands/conversation/locked-conversation';
import { dispatchOutbox } from '../../../src/database/outbox';
import { transact } from '../../../src/database/transact';
import { readEventsAfter } from '../../../src/queries/read-events';
import { accepted, createStage, openDatabase, type Stage, type StageDatabase } from './stage';

let database: StageDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await openDatabase(25);
  stage = await createStage(database);
});
afterAll(() => database.close());

class Rollback extends Error {}

/** Writes a message and an event, and then fails. */
async function writesAndFails(text: string): Promise<void> {
  await transact(database, stage.world.visitor.principal, async (transaction) => {
    const conversation = await lockConversation(transaction, stage.world.workspace.id, stage.conversationId);
    await conversation!.write({
      kind: 'TEXT',
      authorKind: 'VISITOR',
      authorUserId: null,
      text,
      clientNonce: text,
      handoffId: null,
    });
    await conversation!.save();
    // Reaches the outbox before it fails: an identity value is used up and never seen.
    await transaction.flush();
    throw new Rollback();
  });
}

describe('64 parallel senders in one conversation, every fourth of which is rolled back', () => {
  it('leave sequences 1…n without a hole, and a log without a hole and in that order', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 64 }, (_, index) =>
        index % 4 === 3 ? writesAndFails(`lost ${index}`) : stage.says(`kept ${index}`).then(accepted),
      ),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(16);
    expect(failed.every(({ reason }) => reason instanceof Rollback)).toBe(true);

    const messages = await stage.messages();
    expect(messages.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
    expect(messages.every(({ text }) => text.startsWith('kept'))).toBe(true);
    expect((await stage.row()).lastSequence).toBe(48);

    const before = await readEventsAfter(database.source.manager, 0, 10_000);
    expect(before.events).toEqual([]);
    const { position, moved } = await dispatchOutbox(database.source);
    const { events, top } = await readEventsAfter(database.source.manager, 0, 10_000);
    expect({ position, top, count: events.length }).toEqual({ position: moved, top: moved, count: moved });
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1));
    const told = events.filter(({ name }) => name === 'MESSAGE_ADDED').map(({ snapshot }) => snapshot?.sequence);
    expect(told).toEqual(messages.map(({ sequence }) => sequence));
  });

  it('leave one open turn, for the newest message; all earlier ones are superseded', async () => {
    const states = await stage.turnStates();
    expect(states.filter((state) => state.endsWith('OPEN'))).toEqual([`${(await stage.messages()).at(-1)!.text} OPEN`]);
    expect(states.filter((state) => state.endsWith('SUPERSEDED'))).toHaveLength(47);
  });
});
