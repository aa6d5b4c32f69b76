import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { updateNotificationSettings } from '../../src/commands/notification/update-notification-settings';
import { DeliveryBench } from './delivery-bench';
import { Night } from './night';

let bench: DeliveryBench;
let night: Night;

beforeAll(async () => {
  bench = await DeliveryBench.start();
  night = new Night(bench);
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

describe('a delivery in quiet hours', () => {
  it('is held until their end, counts no attempt, and its job comes back then', async () => {
    const [id] = await night.held('One');
    expect(await night.rows()).toMatchObject([{ id, state: 'PENDING', detail: 'QUIET_HOURS', held: true, tries: 0 }]);
    expect(night.mails()).toEqual([]);
    expect(bench.added).toMatchObject([{ name: 'deliver', payload: { deliveryId: id } }]);
    const { delayMs = 0 } = bench.added[0]!;
    expect(delayMs).toBeGreaterThan(3_600_000);
    expect(delayMs).toBeLessThanOrEqual(7_200_000);
  });

  it('leaves at once when a visitor waits, unless requests are not let through', async () => {
    await night.quiet(-1, 2, true);
    await bench.send(await bench.alertOperator());
    expect(await night.rows()).toMatchObject([{ state: 'SENT', kind: 'HANDOFF_REQUESTED' }]);
    await bench.reset();
    await night.quiet(-1, 2, false);
    await bench.send(await bench.alertOperator());
    expect(await night.rows()).toMatchObject([{ state: 'PENDING', held: true }]);
  });

  it('is looked at again when they are changed: it goes into a digest of that moment, or is held anew', async () => {
    const [id] = await night.held('One');
    const { principal } = bench.world.operator;
    const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    const quietHours = { start: clock(-1), end: clock(3), timeZone: 'UTC' };
    await updateNotificationSettings(bench.database, principal, { quietHours });
    await bench.send(id!);
    expect(await night.rows()).toMatchObject([{ id, state: 'PENDING', held: true }]);
    await updateNotificationSettings(bench.database, principal, { clearQuietHours: true });
    await bench.send(id!);
    expect(await night.rows()).toMatchObject([{ state: 'SKIPPED' }, { kind: 'DIGEST', state: 'PENDING' }]);
  });
});

describe('the end of quiet hours', () => {
  it('sends one digest of what still matters, and skips the rest with its reason', async () => {
    const request = await bench.alertOperator();
    const ids = await night.held('One', 'Two', 'Seen');
    await bench.send(request);
    await bench.source.query(`update notifications set seen_at = now() where title = 'Seen' and user_id = $1`, [
      bench.world.operator.id,
    ]);
    // What is claimed by another is told to nobody; this one has it, and has not read it.
    await acceptHandoff(bench.database, bench.world.operator.principal, { handoffId: bench.handoffId });
    await night.morning();
    await Promise.all([...ids, request].map((id) => bench.send(id)));
    const after = await night.rows();
    expect(after.filter(({ kind }) => kind !== 'DIGEST').map(({ detail }) => detail?.split(' ')[0])).toEqual([
      'CLAIMED',
      'IN_DIGEST',
      'IN_DIGEST',
      'SEEN',
    ]);
    expect(after.map(({ tries }) => tries)).toEqual([0, 0, 0, 0, 0]);
    const [digest, ...more] = await night.digests();
    expect(more).toEqual([]);
    await bench.send(digest!.id);
    expect(night.mails()).toHaveLength(1);
    expect(night.mails()[0]!.subject).toBe('2 notifications from your quiet hours');
    expect(night.mails()[0]!.text).toMatch(/One[^]*Two/);
    expect(night.mails()[0]!.text).not.toContain('Seen');
    expect(await night.digests()).toMatchObject([{ state: 'SENT', tries: 1 }]);
  });

  it('sends no digest of nothing, also when it has become nothing since it was written', async () => {
    const see = (): Promise<unknown> =>
      bench.source.query('update notifications set seen_at = now() where user_id = $1', [bench.world.operator.id]);
    const [first] = await night.held('One');
    await see();
    await night.morning();
    await bench.send(first!);
    expect(await night.rows()).toMatchObject([{ state: 'SKIPPED', detail: 'SEEN' }]);

    const [second] = await night.held('Two');
    await night.morning();
    await bench.send(second!);
    await see();
    await bench.send((await night.digests())[0]!.id);
    expect(await night.digests()).toMatchObject([{ state: 'SKIPPED', detail: 'SEEN' }]);
    expect(night.mails()).toEqual([]);
  });

  it('has nothing of somebody who may not handle the agent any more', async () => {
    const [id] = await night.held('One');
    await night.morning();
    await bench.send(id!);
    await bench.source.query(`update users set permissions = '{}' where id = $1`, [bench.world.operator.id]);
    await bench.send((await night.digests())[0]!.id);
    expect(await night.digests()).toMatchObject([{ state: 'SKIPPED', detail: 'ACCESS_LOST' }]);
  });

  it('has nothing that the organization switched off meanwhile, for somebody who has chosen quiet hours alone', async () => {
    const [id] = await night.held('One');
    await bench.source.query('update notification_settings set channels = null where user_id = $1', [
      bench.world.operator.id,
    ]);
    await bench.source.query(`update organizations set member_channels = '{}' where id = $1`, [
      bench.world.organization.id,
    ]);
    await night.morning();
    await bench.send(id!);
    expect(await night.rows()).toMatchObject([{ state: 'SKIPPED', detail: 'CHANNEL_OFF' }]);
  });

  it('makes one digest, whoever wakes up for it at once', async () => {
    const ids = await night.held('One', 'Two', 'Three');
    await night.morning();
    await Promise.all([...ids, ...ids, ...ids].map((id) => bench.send(id)));
    const [digest, ...more] = await night.digests();
    expect(more).toEqual([]);
    await Promise.all(Array.from({ length: 6 }, () => bench.send(digest!.id)));
    expect(night.mails()).toHaveLength(1);
  });

  it('of which there is a digest already makes no second one: what is left leaves by itself', async () => {
    const [first] = await night.held('One');
    await night.morning();
    await bench.send(first!);
    const [second] = await night.held('Two');
    await night.morning();
    await bench.send(second!);
    await bench.send(second!);
    expect(await night.digests()).toHaveLength(1);
    expect((await night.rows()).find(({ id }) => id === second)).toMatchObject({ state: 'SENT' });
  });
});
