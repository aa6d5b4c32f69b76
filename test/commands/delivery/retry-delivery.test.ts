import { retryDelivery } from '../../../src/commands/delivery/retry-delivery';
import { answerInquiry } from '../../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { Delivery } from '../../../src/entities/delivery';
import { Notification } from '../../../src/entities/notification';
import { newNotification, newSentMail } from '../../api/rows';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from '../identity/open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

async function failed(change: Partial<Delivery> = {}): Promise<string> {
  const { manager } = database.source;
  const notification = newNotification(world.operator.row, null);
  await manager.insert(Notification, notification);
  const mail = newSentMail(world.workspace.id, { notificationId: notification.id });
  const row: Delivery = { ...mail, state: 'FAILED', sentAt: null, attempts: 7, postponed: 1, detail: '550', ...change };
  await manager.insert(Delivery, row);
  return row.id;
}

const stored = (id: string): Promise<Delivery> => database.source.manager.findOneByOrFail(Delivery, { id });
const told = (id: string): Promise<unknown[]> =>
  database.source.query(
    `select name from outbox where subject_id = $1 union all select name from events where subject_id = $1`,
    [id],
  );

describe('retryDelivery', () => {
  it('of somebody else is not found, by whoever is no person forbidden', async () => {
    const deliveryId = await failed();
    const foreign = await createWorld(database.source);
    for (const person of [world.secondOperator, world.owner, foreign.owner]) {
      expect(codes(await retryDelivery(database, person.principal, { deliveryId }))).toEqual(['NOT_FOUND deliveryId']);
    }
    const impersonated = { ...world.operator.principal, impersonatorId: world.owner.id };
    for (const principal of [world.visitor.principal, impersonated]) {
      expect(codes(await retryDelivery(database, principal, { deliveryId }))).toEqual(['FORBIDDEN']);
    }
    expect(await stored(deliveryId)).toMatchObject({ state: 'FAILED', detail: '550' });
  });

  it('of what has not failed is refused, with the delivery as it is', async () => {
    for (const state of ['PENDING', 'SKIPPED'] as const) {
      const deliveryId = await failed({ state });
      const outcome = await retryDelivery(database, world.operator.principal, { deliveryId });
      expect(codes(outcome)).toEqual(['INVALID_TRANSITION deliveryId']);
      expect(outcome.value).toMatchObject({ id: deliveryId, state });
    }
  });

  it('asked for by many at once puts it back once, with all of its attempts', async () => {
    const deliveryId = await failed();
    const { principal } = world.operator;
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => retryDelivery(database, principal, { deliveryId })),
    );
    expect(outcomes.filter(({ refusals }) => refusals.length === 0)).toHaveLength(1);
    expect(await stored(deliveryId)).toMatchObject({ state: 'PENDING', detail: null, attempts: 7, forgiven: 6 });
    expect(await told(deliveryId)).toEqual([{ name: 'DELIVERY_ADDED' }]);
  });

  it('of the answer to an inquiry is for those who may answer it', async () => {
    const question = { email: 'v@example.com', name: null, text: 'Where?', idempotencyKey: 'i' };
    const input = { ...question, conversationId: world.conversation.id };
    const inquiry = accepted(await submitInquiry(database, world.visitor.principal, input));
    const answer = { inquiryId: inquiry.id, text: 'There.', idempotencyKey: 'a' };
    accepted(await answerInquiry(database, world.operator.principal, answer));
    const { manager } = database.source;
    const [mail] = (await manager.findBy(Delivery, { workspaceId: world.workspace.id })).filter(
      ({ inquiryAnswerId }) => inquiryAnswerId !== null,
    );
    const deliveryId = mail!.id;
    await manager.update(Delivery, { id: deliveryId }, { state: 'FAILED' });
    expect(codes(await retryDelivery(database, world.viewer.principal, { deliveryId }))).toEqual([
      'FORBIDDEN deliveryId',
    ]);
    expect(codes(await retryDelivery(database, world.otherMember.principal, { deliveryId }))).toEqual([
      'NOT_FOUND deliveryId',
    ]);
    expect(accepted(await retryDelivery(database, world.secondOperator.principal, { deliveryId }))).toMatchObject({
      state: 'PENDING',
    });
  });
});
