import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../src/commands/conversation/cancel-handoff';
import { inviteUser } from '../../src/commands/invitation/invite-user';
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

describe('the mail of an invitation', () => {
  it.each([
    ['was withdrawn', 'revoked_at = now()'],
    ['was accepted', 'accepted_at = now()'],
    ['has expired', 'expires_at = now()'],
  ])('is skipped when it %s, and sent once when not', async (_what, change) => {
    const { manager, organization } = bench.world;
    const mailTokens = bench.dependencies.mailTokens;
    const deliveries: string[] = [];
    for (const email of ['ended@new.example', 'open@new.example']) {
      const input = { organizationId: organization.id, email, permissions: [] };
      const { value } = await inviteUser(bench.database, manager.principal, input, { mailTokens });
      const [row] = await bench.source.query<{ id: string }[]>('select id from deliveries where invitation_id = $1', [
        value!.id,
      ]);
      deliveries.push(row!.id);
    }
    const [ended, open] = deliveries as [string, string];
    await bench.source.query(
      `update invitations set ${change} where id = (select invitation_id from deliveries where id = $1)`,
      [ended],
    );
    const before = bench.mailsTo('open@new.example');
    await Promise.all([ended, open, open].map((id) => bench.send(id)));
    expect(await bench.row(ended)).toMatchObject({ state: 'SKIPPED', detail: 'ENDED' });
    expect(await bench.row(open)).toMatchObject({ state: 'SENT', attempts: 1 });
    expect(bench.mailsTo('ended@new.example')).toBe(0);
    expect(bench.mailsTo('open@new.example')).toBe(before + 1);
  });
});

describe('a delivery that nobody needs any more', () => {
  const settings = (columns: string) => (): Promise<unknown> =>
    bench.source.query(
      `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, ${columns})
       on conflict (user_id) do update set channels = excluded.channels`,
      [bench.world.operator.id, bench.world.workspace.id],
    );
  const changes: [string, string, () => Promise<unknown>][] = [
    [
      'the user was disabled',
      'ACCESS_LOST',
      () => bench.source.query('update users set disabled_at = now() where id = $1', [bench.world.operator.id]),
    ],
    [
      'the permission was taken away',
      'ACCESS_LOST',
      () =>
        bench.source.query(`update users set permissions = '{VIEW_CONVERSATIONS}' where id = $1`, [
          bench.world.operator.id,
        ]),
    ],
    [
      'the user was limited to other agents',
      'ACCESS_LOST',
      () => bench.source.query('update users set limited_to_agents = true where id = $1', [bench.world.operator.id]),
    ],
    ['the channel was switched off', 'CHANNEL_OFF', settings(`'{}', 'REQUESTS_ONLY'`)],
    [
      'the organization switched it off for those who have not chosen',
      'CHANNEL_OFF',
      () =>
        bench.source.query(`update organizations set member_channels = '{}' where id = $1`, [
          bench.world.organization.id,
        ]),
    ],
    [
      'it was seen',
      'SEEN',
      () =>
        bench.source.query('update notifications set seen_at = now() where user_id = $1', [bench.world.operator.id]),
    ],
    [
      'another operator accepted',
      'CLAIMED',
      () => acceptHandoff(bench.database, bench.world.secondOperator.principal, { handoffId: bench.handoffId }),
    ],
    [
      'the visitor cancelled',
      'ENDED',
      () => cancelHandoff(bench.database, bench.world.visitor.principal, { handoffId: bench.handoffId }),
    ],
  ];
  it.each(changes)('is skipped when meanwhile %s', async (_situation, reason, change) => {
    const deliveryId = await bench.alertOperator();
    await change();
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SKIPPED', detail: reason, sent: false });
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(0);
  });

  it('is sent to who has chosen the channel, whatever the organization says of it', async () => {
    const deliveryId = await bench.alertOperator();
    await settings(`'{EMAIL}', null`)();
    await bench.source.query(`update organizations set member_channels = '{}' where id = $1`, [
      bench.world.organization.id,
    ]);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', sent: true });
  });

  it('to a browser that was unregistered is skipped', async () => {
    const subscriptionId = await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    await bench.source.query('delete from push_subscriptions where id = $1', [subscriptionId]);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' });
  });
});
