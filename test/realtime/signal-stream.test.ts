import { randomUUID } from 'node:crypto';
import { openLiveStream } from '../../src/realtime/live-stream';
import { openSignalStream } from '../../src/realtime/signal-stream';
import type { Signal } from '../../src/realtime/signals';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { commitEvents, range, startTestProcess, take, type TestProcess, until } from './support';

let database: TestDatabase;
let writer: TestProcess;
let reader: TestProcess;
const workspaceId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  writer = await startTestProcess({ databaseUrl: database.url });
  // It looks by itself once in an hour: what arrives here arrived by hints.
  reader = await startTestProcess({ databaseUrl: database.url, reconcileMs: 3_600_000 });
});
afterAll(async () => {
  await writer.close();
  await reader.close();
  await database.drop();
});

describe('live stream', () => {
  test('what waits comes first, an event about the same subject is left out, others follow', async () => {
    const [userId, waiting] = [randomUUID(), randomUUID()];
    const place = { workspaceId, userId, name: 'NOTIFICATION_ADDED' as const };
    const stream = openLiveStream(reader.hub, {
      match: { userId },
      names: ['NOTIFICATION_ADDED'],
      onOverflow: () => undefined,
      initial: async () => {
        // Comes as an event too, before and after this read has ended.
        await commitEvents(writer.source, { ...place, subjectId: waiting }, 1);
        writer.dispatcher.kick();
        return [{ subjectId: waiting, snapshot: { n: 1 } }];
      },
    });
    expect(await take(stream, 1)).toEqual([{ subjectId: waiting, snapshot: { n: 1 } }]);
    await commitEvents(writer.source, { ...place, name: 'DELIVERY_ADDED' }, 2);
    await commitEvents(writer.source, { ...place, userId: randomUUID() }, 3);
    await commitEvents(writer.source, place, 4);
    writer.dispatcher.kick();
    expect((await take(stream, 1)).map((item) => item.snapshot?.n)).toEqual([4]);
    await stream.return?.();
    expect(reader.hub.events.of(`user:${userId}`).size).toBe(0);
  });
});

describe('signal stream', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(writer.source);
  });

  function openSignals(accept: (signal: Signal) => Promise<boolean> | boolean = () => true) {
    const { conversation, visitor } = world;
    return openSignalStream(reader.hub, {
      conversationId: conversation.id,
      visitorId: visitor.id,
      operatorId: null,
      accept,
    });
  }

  function typing(n: number): Signal {
    const expiresAt = new Date(n).toISOString();
    const { conversation, visitor } = world;
    return {
      kind: 'TYPING',
      conversationId: conversation.id,
      actorKind: 'VISITOR',
      actorId: visitor.id,
      isTyping: true,
      expiresAt,
    };
  }

  function presence(actorKind: 'USER' | 'VISITOR', actorId: string): Signal {
    return {
      kind: 'PRESENCE',
      workspaceId: world.workspace.id,
      actorKind,
      actorId,
      status: 'ONLINE',
      lastActiveAt: null,
    };
  }

  function delta(controlEpoch: number, text: string): Signal {
    return { kind: 'REPLY_DELTA', conversationId: world.conversation.id, turnId: randomUUID(), controlEpoch, text };
  }

  async function signalOf(next: Promise<IteratorResult<Signal>>): Promise<Signal> {
    return (await next).value as Signal;
  }

  test('typing of this conversation arrives and that of another does not; accept has the last word', async () => {
    const stream = openSignals(async (signal) => signal.kind !== 'TYPING' || signal.isTyping);
    const next = stream.next();
    writer.hints.publishSignal({ ...typing(1), conversationId: randomUUID() } as Signal);
    writer.hints.publishSignal({ ...typing(2), isTyping: false } as Signal);
    writer.hints.publishSignal(typing(3));
    expect(await next).toEqual({ done: false, value: typing(3) });
    await stream.return?.();
    expect(reader.hub.signals.size).toBe(0);
  });

  test('presence of the visitor arrives, and of the operator from the moment they have the conversation', async () => {
    const stream = openSignals();
    const { operator, secondOperator, conversation, visitor } = world;
    const next = stream.next();
    writer.hints.publishSignal(presence('USER', operator.id));
    writer.hints.publishSignal(presence('VISITOR', visitor.id));
    expect(await signalOf(next)).toMatchObject({ kind: 'PRESENCE', actorId: visitor.id });
    const changed = {
      workspaceId: conversation.workspaceId,
      conversationId: conversation.id,
      name: 'CONVERSATION_CHANGED' as const,
    };
    await commitEvents(writer.source, { ...changed, snapshot: { operatorId: operator.id } }, 1);
    writer.dispatcher.kick();
    await until('operator followed', () => reader.hub.signals.of(`actor:${operator.id}`).size === 1);
    writer.hints.publishSignal(presence('USER', secondOperator.id));
    writer.hints.publishSignal(presence('USER', operator.id));
    expect(await signalOf(stream.next())).toMatchObject({ actorId: operator.id });
    await stream.return?.();
    expect(reader.hub.signals.size).toBe(0);
  });

  test('a delta of an epoch that is over, or of a conversation that a person has, is dropped', async () => {
    const stream = openSignals();
    const next = stream.next();
    writer.hints.publishSignal(delta(1, 'now'));
    expect(await signalOf(next)).toMatchObject({ text: 'now' });
    const set = (values: string) =>
      writer.source.query(`update conversations set ${values} where id = $1`, [world.conversation.id]);

    await set(
      `controller = 'HUMAN', control_epoch = 2, operator_id = '${world.operator.id}', handoff_state = 'ACCEPTED'`,
    );
    const then = stream.next();
    writer.hints.publishSignal(delta(1, 'late'));
    writer.hints.publishSignal(delta(2, 'while a person has it'));
    writer.hints.publishSignal(typing(9));
    expect(await signalOf(then)).toMatchObject({ kind: 'TYPING' });

    await set(`controller = 'AI', control_epoch = 3, operator_id = null, handoff_state = 'RETURNED'`);
    writer.hints.publishSignal(delta(1, 'very late'));
    writer.hints.publishSignal(delta(3, 'again'));
    expect(await signalOf(stream.next())).toMatchObject({ text: 'again' });
    await stream.return?.();
    await set('control_epoch = 1');
  });

  test('pieces of a reply arrive in order and are asked about together', async () => {
    const stream = openSignals();
    const next = stream.next();
    const query = jest.spyOn(reader.source, 'query');
    for (const n of range(1, 60)) writer.hints.publishSignal(delta(1, `${n} `));
    const rest = await take(stream, 59);
    const texts = [await signalOf(next), ...rest].map((signal) => (signal.kind === 'REPLY_DELTA' ? signal.text : ''));
    expect(texts).toEqual(range(1, 60).map((n) => `${n} `));
    expect(query.mock.calls.length).toBeLessThan(60);
    query.mockRestore();
    await stream.return?.();
  });

  test('a reader that does not read keeps the newest 100', async () => {
    const stream = openSignals();
    const first = stream.next();
    for (const n of range(1, 300)) writer.hints.publishSignal(typing(n));
    expect(await signalOf(first)).toEqual(typing(1));
    let last: Signal | null = null;
    const stopListening = reader.hints.onSignal((signal) => (last = signal));
    writer.hints.publishSignal(typing(301));
    await until('the last signal', () => last?.kind === 'TYPING' && last.expiresAt === new Date(301).toISOString());
    stopListening();
    expect(await take(stream, 100)).toEqual(range(202, 301).map(typing));
    await stream.return?.();
  });
});
