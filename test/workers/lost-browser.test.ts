import { cancelHandoff } from '../../src/commands/conversation/cancel-handoff';
import { newId } from '../../src/database/ids';
import { ProviderSlots } from '../../src/workers/provider-slots';
import { startPushEndpoint } from '../support/push-endpoint';
import { DeliveryBench } from './delivery-bench';

let bench: DeliveryBench;

beforeAll(async () => {
  bench = await DeliveryBench.start();
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

const mailsOf = (): Promise<{ id: string; state: string; detail: string | null }[]> =>
  bench.source.query(
    `select d.id, d.state, d.detail from deliveries d join notifications n on n.id = d.notification_id
     where n.user_id = $1 and d.channel = 'EMAIL'`,
    [bench.world.operator.id],
  );
const losses = (): Promise<{ seen: boolean; subject_id: string }[]> =>
  bench.source.query(
    `select seen_at is not null as seen, subject_id from notifications where user_id = $1 and kind = 'PUSH_SUBSCRIPTION_LOST'`,
    [bench.world.operator.id],
  );

describe('a browser that its push service does not know any more', () => {
  it.each([404, 410])('(%i) is told of under the bell, and the request that waits is mailed once', async (status) => {
    const subscriptionId = await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    bench.browsers.answerNext({ status });
    await bench.send(deliveryId);
    expect(await losses()).toEqual([{ seen: false, subject_id: subscriptionId }]);
    const [mail, ...more] = await mailsOf();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ state: 'PENDING' });
    const told = await bench.source.query<{ name: string }[]>(
      `select name from outbox where workspace_id = $1 and (subject_id = $2 or name = 'NOTIFICATION_ADDED' and snapshot->>'kind' = 'PUSH_SUBSCRIPTION_LOST') order by name`,
      [bench.world.workspace.id, mail!.id],
    );
    expect(told).toEqual([{ name: 'DELIVERY_ADDED' }, { name: 'NOTIFICATION_ADDED' }]);
    // E-mail is not among the channels of this person.
    await bench.send(mail!.id);
    expect(await mailsOf()).toMatchObject([{ state: 'SENT' }]);
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(1);
  });

  it('is mailed nothing when the request has ended', async () => {
    await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    bench.browsers.answerNext({ status: 410 });
    await bench.send(deliveryId);
    await cancelHandoff(bench.database, bench.world.visitor.principal, { handoffId: bench.handoffId });
    const [mail] = await mailsOf();
    await bench.send(mail!.id);
    expect(await mailsOf()).toMatchObject([{ state: 'SKIPPED', detail: 'ENDED' }]);
  });

  it('makes one loss and one mail, however many pushes find out', async () => {
    const subscriptionId = await bench.choosePush();
    const first = await bench.alertOperator('PUSH');
    const again = newId();
    await bench.source.query(
      `insert into deliveries (id, workspace_id, notification_id, channel, push_subscription_id)
       select $2, workspace_id, notification_id, 'PUSH', $3 from deliveries where id = $1`,
      [first, again, newId()],
    );
    bench.browsers.answerNext({ status: 410 });
    await bench.send(first);
    await bench.source.query(
      `update deliveries set push_subscription_id = $2, state = 'PENDING', due_at = now() where id = $1`,
      [first, subscriptionId],
    );
    await bench.send(first);
    expect(await bench.row(first)).toMatchObject({ state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' });
    expect(await losses()).toHaveLength(1);
    expect(await mailsOf()).toHaveLength(1);
  });

  it('that the person has removed is no loss: nothing is mailed', async () => {
    const subscriptionId = await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    await bench.source.query('delete from push_subscriptions where id = $1', [subscriptionId]);
    await bench.send(deliveryId);
    expect([await losses(), await mailsOf()]).toEqual([[], []]);
  });
});

describe('a push service that never answers', () => {
  it('delays nobody else: a healthy one beside it is served while it hangs', async () => {
    const dead = await startPushEndpoint();
    try {
      const slots = new ProviderSlots({ concurrency: 2 });
      const subscriptionId = await bench.choosePush();
      const deliveryId = await bench.alertOperator('PUSH');
      const { endpoint, p256dh, auth } = dead.createSubscription();
      await bench.source.query('update push_subscriptions set endpoint = $2, p256dh = $3, auth = $4 where id = $1', [
        subscriptionId,
        endpoint,
        p256dh,
        auth,
      ]);
      dead.answerNext('NEVER');
      const hanging = bench.send(deliveryId, { slots });
      await dead.waitForPush();
      // One slot of two is gone, and there it ends: a second one to the same place is sent back, untried.
      const [second, healthy] = [newId(), bench.browsers.createSubscription()];
      const [other] = [newId()];
      await bench.source.query(
        `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth)
         values ($1, $3, $4, $5 || '/2', $6, $7), ($2, $3, $4, $8, $9, $10)`,
        [
          ...[second, other, bench.world.workspace.id, bench.world.operator.id],
          ...[endpoint, p256dh, auth],
          ...[healthy.endpoint, healthy.p256dh, healthy.auth],
        ],
      );
      const copies = [newId(), newId()] as const;
      for (const [copy, subscription] of [
        [copies[0], second],
        [copies[1], other],
      ]) {
        await bench.source.query(
          `insert into deliveries (id, workspace_id, notification_id, channel, push_subscription_id)
           select $2, workspace_id, notification_id, 'PUSH', $3 from deliveries where id = $1`,
          [deliveryId, copy, subscription],
        );
      }
      await bench.send(copies[0], { slots });
      const [sentBack] = await bench.source.query<unknown[]>(
        'select state, attempts - postponed as tries, detail from deliveries where id = $1',
        [copies[0]],
      );
      const detail = 'It waits: others to the same provider are on their way.';
      expect(sentBack).toEqual({ state: 'PENDING', tries: 0, detail });
      await bench.send(copies[1], { slots });
      expect(await bench.row(copies[1])).toMatchObject({ state: 'SENT' });
      await dead.stop();
      await hanging;
      expect(await bench.row(deliveryId)).toMatchObject({
        state: 'PENDING',
        detail: 'The push service did not answer.',
      });
    } finally {
      await dead.stop().catch(() => undefined);
    }
  });
});
