import { randomUUID } from 'node:crypto';
import { presenceStatus } from '../../src/domain/presence';
import { createPresence, type Presence } from '../../src/realtime/presence';
import { sweepPresences } from '../../src/realtime/presence-rows';
import type { PresenceSignal, Signal } from '../../src/realtime/signals';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { deafBus, LogBook, startTestProcess, type TestProcess, until } from './support';

describe('presenceStatus', () => {
  test.each([
    [false, false, 'OFFLINE'],
    [false, true, 'OFFLINE'],
    [true, false, 'AWAY'],
    [true, true, 'ONLINE'],
  ] as const)('connected %s and available %s is %s', (connected, available, status) => {
    expect(presenceStatus({ connected, available })).toBe(status);
  });
});

describe('presence', () => {
  let database: TestDatabase;
  let process: TestProcess;
  let world: World;
  let told: PresenceSignal[];
  const hints = {
    publishSignal: (signal: Signal) => {
      if (signal.kind === 'PRESENCE') told.push(signal);
    },
  };
  const open: Presence[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    process = await startTestProcess({ databaseUrl: database.url, hints: deafBus });
  });
  afterAll(async () => {
    await process.close();
    await database.drop();
  });
  beforeEach(async () => {
    told = [];
    world = await createWorld(process.source);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((presence) => presence.stop()));
    await process.source.query('delete from presences; delete from watches');
  });

  function start(options: { graceMs?: number; heartbeatMs?: number } = {}): Presence {
    const presence = createPresence({
      source: process.source,
      hints,
      processId: randomUUID(),
      log: new LogBook(),
      graceMs: 60_000,
      heartbeatMs: 3_600_000,
      ...options,
    });
    open.push(presence);
    return presence;
  }

  function user(name: 'operator' | 'secondOperator') {
    return { kind: 'USER' as const, id: world[name].id, workspaceId: world.workspace.id };
  }

  async function rows(actorId: string): Promise<{ until: Date; living: boolean }[]> {
    return process.source.query('select until, until > now() as living from presences where actor_id = $1', [actorId]);
  }

  test('an operator who connects is told ONLINE once, whatever number of sockets, and seen active', async () => {
    const presence = start();
    const disconnects = [presence.connected(user('operator')), presence.connected(user('operator'))];
    await until('row', async () => (await rows(world.operator.id)).length === 1);
    presence.connected(user('operator'));
    await presence.stop();
    expect(told).toEqual([
      {
        kind: 'PRESENCE',
        workspaceId: world.workspace.id,
        actorKind: 'USER',
        actorId: world.operator.id,
        status: 'ONLINE',
        lastActiveAt: expect.any(String),
      },
    ]);
    const [seen] = await process.source.query('select last_active_at from users where id = $1', [world.operator.id]);
    expect(seen.last_active_at).toEqual(new Date(told[0]!.lastActiveAt!));
    for (const disconnect of disconnects) disconnect();
  });

  test('an operator who is not available is told AWAY, a visitor ONLINE', async () => {
    await process.source.query('update users set available = false where id = $1', [world.operator.id]);
    const presence = start();
    presence.connected(user('operator'));
    presence.connected({ kind: 'VISITOR', id: world.visitor.id, workspaceId: world.workspace.id });
    await until('two signals', () => told.length === 2);
    expect(new Map(told.map((signal) => [signal.actorId, signal.status]))).toEqual(
      new Map([
        [world.operator.id, 'AWAY'],
        [world.visitor.id, 'ONLINE'],
      ]),
    );
    const [seen] = await process.source.query('select last_active_at from visitors where id = $1', [world.visitor.id]);
    expect(seen.last_active_at).toBeInstanceOf(Date);
  });

  test('somebody connected to two processes is told once, and OFFLINE only after both have run out', async () => {
    const [first, second] = [start(), start({ graceMs: 1 })];
    const stay = first.connected(user('operator'));
    await until('first row', async () => (await rows(world.operator.id)).length === 1);
    second.connected(user('operator'))();
    await until('second row run out', async () => (await rows(world.operator.id)).some((row) => !row.living));
    await sweepPresences(process.source, hints);
    expect(await rows(world.operator.id)).toHaveLength(1);
    expect(told.map((signal) => signal.status)).toEqual(['ONLINE']);
    stay();
  });

  test('after the last disconnect the row runs out and exactly one of many sweepers tells OFFLINE', async () => {
    const presence = start({ graceMs: 300 });
    const [leave, leaveToo] = [presence.connected(user('operator')), presence.connected(user('operator'))];
    await until('row', async () => (await rows(world.operator.id)).length === 1);
    leave();
    leave();
    leaveToo();
    await until('row run out', async () => (await rows(world.operator.id)).every((row) => !row.living));
    await Promise.all(Array.from({ length: 8 }, () => sweepPresences(process.source, hints)));
    await sweepPresences(process.source, hints);
    expect(await rows(world.operator.id)).toEqual([]);
    expect(told.map((signal) => signal.status)).toEqual(['ONLINE', 'OFFLINE']);
    expect(told[1]!.lastActiveAt).not.toBeNull();
  });

  test('the grace period begins at the last disconnect, and coming back within it is told to nobody', async () => {
    const presence = start({ graceMs: 60_000 });
    const leave = presence.connected(user('operator'));
    const before = (await until('row', async () => (await rows(world.operator.id))[0]))!;
    leave();
    await until('row refreshed', async () => (await rows(world.operator.id))[0]!.until > before.until);
    presence.connected(user('operator'));
    await presence.stop();
    await sweepPresences(process.source, hints);
    expect(told.map((signal) => signal.status)).toEqual(['ONLINE']);
  });

  test('the heartbeat refreshes everybody who is connected by one statement, and nobody who left', async () => {
    const presence = start({ heartbeatMs: 50 });
    presence.connected(user('operator'));
    presence.connected({ kind: 'VISITOR', id: world.visitor.id, workspaceId: world.workspace.id });
    const leave = presence.connected(user('secondOperator'));
    await until('rows', async () => (await rows(world.secondOperator.id)).length === 1);
    leave();
    const untils = async () =>
      Promise.all([world.operator.id, world.visitor.id].map(async (id) => (await rows(id))[0]!.until));
    const before = await untils();
    const query = jest.spyOn(process.source, 'query');
    await until(
      'two refreshes',
      () => query.mock.calls.filter(([sql]) => sql.includes('insert into presences')).length >= 3,
    );
    const refreshed = query.mock.calls.filter(([sql]) => sql.includes('insert into presences')).at(-1)![1] as unknown[];
    query.mockRestore();
    expect(refreshed[4]).toEqual([world.operator.id, world.visitor.id]);
    await presence.stop();
    for (const [index, after] of (await untils()).entries()) expect(after > before[index]!).toBe(true);
  });

  test('a database that fails is tried again by the next heartbeat', async () => {
    const presence = start({ heartbeatMs: 50 });
    await process.source.query('alter table presences rename to presences_away');
    presence.connected(user('operator'));
    await process.source.query('alter table presences_away rename to presences');
    await until('row', async () => (await rows(world.operator.id)).length === 1);
    await until('signal', () => told.length === 1);
  });

  test('watching: a row while somebody looks, gone at once afterwards, run out after a crash', async () => {
    const presence = start();
    const watch = { userId: world.operator.id, workspaceId: world.workspace.id, conversationId: world.conversation.id };
    const watches = (): Promise<unknown[]> =>
      process.source.query('select user_id from watches where conversation_id = $1 and until > now()', [
        watch.conversationId,
      ]);
    const [stop, stopToo] = [presence.watching(watch), presence.watching(watch)];
    await until('row', async () => (await watches()).length === 1);
    stop();
    stop();
    await sweepPresences(process.source, hints);
    expect(await watches()).toHaveLength(1);
    stopToo();
    await until('row gone', async () => (await watches()).length === 0);

    const crashed = start({ graceMs: 1 });
    crashed.watching(watch);
    await crashed.stop();
    await until('row swept', async () => {
      await sweepPresences(process.source, hints);
      const [{ count }] = await process.source.query('select count(*)::int as count from watches');
      return count === 0;
    });
  });

  test('a watch that ends before it was written leaves no row', async () => {
    const presence = start();
    presence.watching({
      userId: world.operator.id,
      workspaceId: world.workspace.id,
      conversationId: world.conversation.id,
    })();
    await presence.stop();
    expect(await process.source.query('select * from watches')).toEqual([]);
  });
});
