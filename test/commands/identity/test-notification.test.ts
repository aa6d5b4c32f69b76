import { registerPushSubscription } from '../../../src/commands/notification/register-push-subscription';
import { sendTestNotification } from '../../../src/commands/notification/send-test-notification';
import { newId } from '../../../src/database/ids';
import { Delivery } from '../../../src/entities/delivery';
import { Notification } from '../../../src/entities/notification';
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

const canMail = { canMail: true };

describe('sendTestNotification', () => {
  it('by a visitor is forbidden, and so it is for staff who are logged in as somebody', async () => {
    const impersonated = { ...world.operator.principal, impersonatorId: world.owner.id };
    for (const principal of [world.visitor.principal, impersonated]) {
      expect(codes(await sendTestNotification(database, principal, { channel: 'EMAIL' }, canMail))).toEqual([
        'FORBIDDEN',
      ]);
    }
    expect(await database.source.manager.countBy(Delivery, { workspaceId: world.workspace.id })).toBe(0);
  });

  it('without a way by which it could arrive is refused with a code of its own', async () => {
    const { principal } = world.operator;
    const byMail = await sendTestNotification(database, principal, { channel: 'EMAIL' }, { canMail: false });
    expect(codes(byMail)).toEqual(['MAIL_NOT_CONFIGURED channel']);
    const byPush = await sendTestNotification(database, principal, { channel: 'PUSH' }, canMail);
    expect(codes(byPush)).toEqual(['NO_PUSH_SUBSCRIPTION channel']);
    expect(await database.source.manager.countBy(Notification, { workspaceId: world.workspace.id })).toBe(0);
  });

  it('writes one delivery to the caller, under the bell as seen, and wakes the router', async () => {
    const { id: userId, principal } = world.operator;
    const delivery = accepted(await sendTestNotification(database, principal, { channel: 'EMAIL' }, canMail));
    expect(delivery).toMatchObject({ channel: 'EMAIL', state: 'PENDING', attempts: 0, notBefore: null });
    const [notification] = await database.source.manager.findBy(Notification, { userId });
    expect(notification).toMatchObject({ id: delivery.notificationId, kind: 'TEST', seenAt: expect.any(Date) as Date });
    const events = await database.source.query(
      `select name from outbox where subject_id = $1 union all select name from events where subject_id = $1`,
      [delivery.id],
    );
    expect(events).toEqual([{ name: 'DELIVERY_ADDED' }]);
  });

  it('by push goes to each browser of the caller, and to nobody else', async () => {
    const dependencies = { checkTarget: () => Promise.resolve(null), checkPushKeys: () => true };
    const register = async ({ principal }: World['operator']): Promise<string> => {
      const endpoint = `https://push.example.com/${newId()}`;
      const input = { endpoint, p256dh: 'key', auth: 'secret' };
      return accepted(await registerPushSubscription(database, principal, input, dependencies)).id;
    };
    const browsers = [await register(world.operator), await register(world.operator)];
    await register(world.secondOperator);
    const { principal } = world.operator;
    const delivery = accepted(await sendTestNotification(database, principal, { channel: 'PUSH' }, canMail));
    expect(delivery.pushSubscriptionId).toBe(browsers[1]);
    const all = await database.source.manager.findBy(Delivery, { workspaceId: world.workspace.id });
    expect(all.map(({ pushSubscriptionId }) => pushSubscriptionId).sort()).toEqual([...browsers].sort());
  });
});
