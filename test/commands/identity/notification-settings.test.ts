import { updateNotificationSettings } from '../../../src/commands/notification/update-notification-settings';
import { NotificationSettings } from '../../../src/entities/notification-settings';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

describe('updateNotificationSettings', () => {
  const stored = (userId: string): Promise<NotificationSettings | null> =>
    database.source.manager.findOneBy(NotificationSettings, { userId });

  it.each(['visitor', 'staffKey'] as const)('by %s, who is no person, is forbidden', async (who) => {
    expect(codes(await updateNotificationSettings(database, world[who].principal, { channels: [] }))).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('with nulls and impossible hours is invalid and stores nothing', async () => {
    const quietHours = { start: '24:00', end: '7:00', timeZone: '+02:00' };
    const outcome = await updateNotificationSettings(database, world.operator.principal, {
      channels: null,
      events: null,
      quietHours,
    });
    const paths = ['channels', 'events', 'quietHours.start', 'quietHours.end', 'quietHours.timeZone'];
    expect(codes(outcome)).toEqual(paths.map((path) => `INVALID ${path}`));
    expect(await stored(world.operator.id)).toBeNull();
  });

  it('that sets and clears quiet hours in one is invalid', async () => {
    const quietHours = { start: '22:00', end: '07:00', timeZone: 'Europe/Madrid' };
    const outcome = await updateNotificationSettings(database, world.operator.principal, {
      quietHours,
      clearQuietHours: true,
    });
    expect(codes(outcome)).toEqual(['INVALID clearQuietHours']);
  });

  it('stores what is given and nothing else as chosen, and clears the quiet hours', async () => {
    const { id, principal } = world.operator;
    const quietHours = { start: '22:00', end: '07:00', timeZone: 'Europe/Madrid' };
    const first = accepted(
      await updateNotificationSettings(database, principal, { events: 'ALL_MESSAGES', quietHours }),
    );
    expect(first).toEqual({
      channels: null,
      alertIntervalSeconds: null,
      letRequestsThrough: true,
      userId: id,
      workspaceId: world.workspace.id,
      events: 'ALL_MESSAGES',
      quietHours,
    });
    expect(await stored(id)).toEqual(first);

    accepted(
      await updateNotificationSettings(database, principal, { channels: ['PUSH', 'PUSH'], clearQuietHours: true }),
    );
    expect(await stored(id)).toEqual({ ...first, channels: ['PUSH'], quietHours: null });
    expect(await stored(world.secondOperator.id)).toBeNull();
  });

  it('twice at once, for somebody without a row, makes one row with both changes', async () => {
    const { id, principal } = world.viewer;
    let changes: ReturnType<typeof updateNotificationSettings>[] = [];
    await database.source.transaction(async (manager) => {
      // Holds both up until each of them has begun.
      await manager.query('select 1 from users where id = $1 for update', [id]);
      changes = [{ channels: [] }, { events: 'ALL_MESSAGES' as const }].map((change) =>
        updateNotificationSettings(database, principal, change),
      );
      await untilBlocked(2);
    });
    for (const outcome of await Promise.all(changes)) accepted(outcome);
    expect(await stored(id)).toMatchObject({ channels: [], events: 'ALL_MESSAGES' });
  });

  async function untilBlocked(count: number): Promise<void> {
    for (;;) {
      const [row] = await database.source.query<{ blocked: string }[]>(
        `select count(*) as blocked from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (Number(row?.blocked) === count) return;
    }
  }
});
