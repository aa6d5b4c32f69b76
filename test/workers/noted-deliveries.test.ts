import { watchedSource } from '../support/watched-source';
import { DeliveryBench } from './delivery-bench';

let bench: DeliveryBench;

beforeAll(async () => {
  bench = await DeliveryBench.start();
});

beforeEach(() => bench.reset());

afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});

afterAll(() => bench.stop());

describe('a delivery that has left', () => {
  it.each([
    ['the connection is reset', 'ECONNRESET', 'read ECONNRESET'],
    ['the database starts again', '57P03', 'the database system is starting up'],
    [
      'the connection is lost between two statements',
      null,
      'Query runner already released. Cannot run queries anymore.',
    ],
  ])('is noted, and not sent again, where %s', async (_what, code, message) => {
    const deliveryId = await bench.alertOperator();
    let failures = 2;
    const failing = watchedSource(bench.source, (sql) => {
      if (!sql.includes('set state =') || failures === 0) return;
      failures -= 1;
      throw Object.assign(new Error(message), code === null ? {} : { code });
    });
    await bench.send(deliveryId, { source: failing });
    expect(failures).toBe(0);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(1);
  });

  it('is not pushed again because what else is noted of it fails', async () => {
    await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    const before = bench.browsers.received.length;
    let failures = 1;
    const failing = watchedSource(bench.source, (sql) => {
      if (!sql.startsWith('update push_subscriptions') || failures === 0) return;
      failures -= 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await bench.send(deliveryId, { source: failing });
    expect(failures).toBe(0);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
    expect(bench.browsers.received.length - before).toBe(1);
    const [browser] = await bench.source.query<{ seen: boolean }[]>(
      'select last_success_at is not null as seen from push_subscriptions where user_id = $1',
      [bench.world.operator.id],
    );
    expect(browser).toEqual({ seen: true });
  });
});

describe('a worker that is paused between taking a delivery and sending it', () => {
  it.each(['EMAIL', 'PUSH'] as const)('sends nothing by %s: another one may be doing so', async (channel) => {
    if (channel === 'PUSH') await bench.choosePush();
    const deliveryId = await bench.alertOperator(channel);
    const arrived = (): number => bench.browsers.received.length + bench.mailsTo(bench.world.operator.row.email);
    const before = arrived();
    const clock = [0, 10_001];
    await bench.send(deliveryId, { now: () => clock.shift() ?? 10_001 });
    expect(arrived()).toBe(before);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1, wait: 1 });
    expect(bench.added).toMatchObject([{ name: 'deliver', delayMs: 1000, round: 1 }]);
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    expect(arrived()).toBe(before + 1);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 2 });
  });
});
