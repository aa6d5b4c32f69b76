import { markNotificationsSeen } from '../../../src/commands/notification/mark-notifications-seen';
import { registerPushSubscription } from '../../../src/commands/notification/register-push-subscription';
import { removePushSubscription } from '../../../src/commands/notification/remove-push-subscription';
import { newId } from '../../../src/database/ids';
import { Notification } from '../../../src/entities/notification';
import { PushSubscription } from '../../../src/entities/push-subscription';
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

describe('registerPushSubscription', () => {
  const dependencies = {
    checkTarget: (url: string): Promise<null | { message: string }> =>
      Promise.resolve(url.startsWith('https://') ? null : { message: 'Only https.' }),
    checkPushKeys: (p256dh: string): boolean => p256dh !== 'bad',
  };
  const browser = (name = newId()): { endpoint: string; p256dh: string; auth: string } => ({
    endpoint: `https://push.example.com/${name}`,
    p256dh: 'key',
    auth: 'secret',
  });

  it('by a visitor is forbidden', async () => {
    expect(codes(await registerPushSubscription(database, world.visitor.principal, browser(), dependencies))).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('with unusable keys is invalid, and with an endpoint that the server will not call UNSAFE_URL', async () => {
    const { principal } = world.operator;
    const badKeys = await registerPushSubscription(database, principal, { ...browser(), p256dh: 'bad' }, dependencies);
    expect(codes(badKeys)).toEqual(['INVALID p256dh']);
    const badTarget = await registerPushSubscription(
      database,
      principal,
      { ...browser(), endpoint: 'http://10.0.0.1' },
      dependencies,
    );
    expect(badTarget.refusals).toEqual([{ code: 'UNSAFE_URL', message: 'Only https.', path: ['endpoint'] }]);
  });

  it('of a 21st browser is over the limit; one of the twenty can still be renewed', async () => {
    const { principal } = world.operator;
    const browsers = Array.from({ length: 20 }, () => browser());
    for (const one of browsers) accepted(await registerPushSubscription(database, principal, one, dependencies));
    expect(codes(await registerPushSubscription(database, principal, browser(), dependencies))).toEqual([
      'LIMIT_EXCEEDED endpoint',
    ]);
    accepted(await registerPushSubscription(database, principal, browsers[0]!, dependencies));
  });

  it('of the same browser again is the same row with the new keys', async () => {
    const { principal } = world.operator;
    const input = browser();
    const first = accepted(
      await registerPushSubscription(database, principal, { ...input, userAgent: 'Firefox' }, dependencies),
    );
    const second = accepted(
      await registerPushSubscription(database, principal, { ...input, p256dh: 'new' }, dependencies),
    );
    expect(second).toEqual({ ...first, p256dh: 'new', userAgent: null });
    expect(await database.source.manager.findBy(PushSubscription, { endpoint: input.endpoint })).toEqual([second]);
  });

  it('of a browser in which somebody else has signed in makes it theirs, across workspaces too', async () => {
    const foreign = await createWorld(database.source);
    const input = browser();
    accepted(await registerPushSubscription(database, world.operator.principal, input, dependencies));
    const moved = accepted(await registerPushSubscription(database, foreign.operator.principal, input, dependencies));
    expect(moved).toMatchObject({
      workspaceId: foreign.workspace.id,
      userId: foreign.operator.id,
      lastSuccessAt: null,
    });
    expect(await database.source.manager.findBy(PushSubscription, { endpoint: input.endpoint })).toEqual([moved]);
  });

  it('and removePushSubscription: a colleague’s is NOT_FOUND, one’s own is gone', async () => {
    const subscription = accepted(
      await registerPushSubscription(database, world.operator.principal, browser(), dependencies),
    );
    const { id } = subscription;
    expect(codes(await removePushSubscription(database, world.owner.principal, { id }))).toEqual(['NOT_FOUND id']);
    expect(await database.source.manager.countBy(PushSubscription, { id })).toBe(1);
    expect(accepted(await removePushSubscription(database, world.operator.principal, { id }))).toEqual(subscription);
    expect(await database.source.manager.countBy(PushSubscription, { id })).toBe(0);
    expect(codes(await removePushSubscription(database, world.operator.principal, { id }))).toEqual(['NOT_FOUND id']);
  });
});

describe('markNotificationsSeen', () => {
  const insert = async (
    userId: string,
    conversationId: string | null,
    workspaceId = world.workspace.id,
  ): Promise<string> => {
    const row = {
      kind: 'MESSAGE_RECEIVED',
      title: 'A message',
      body: 'Hello',
      seenAt: null,
      createdAt: new Date(),
    } as const;
    const id = newId();
    await database.source.manager.insert(Notification, {
      ...row,
      id,
      workspaceId,
      userId,
      subjectId: newId(),
      conversationId,
    });
    return id;
  };
  const isSeen = async (id: string): Promise<boolean> =>
    (await database.source.manager.findOneByOrFail(Notification, { id })).seenAt !== null;

  it('by a visitor is forbidden, and with both ids and a conversation invalid', async () => {
    expect(codes(await markNotificationsSeen(database, world.visitor.principal, {}))).toEqual(['FORBIDDEN']);
    const both = { ids: [], conversationId: world.conversation.id };
    expect(codes(await markNotificationsSeen(database, world.operator.principal, both))).toEqual(['INVALID ids']);
  });

  it('leaves the notifications of a colleague and of another workspace alone', async () => {
    const foreign = await createWorld(database.source);
    const others = [
      await insert(world.secondOperator.id, world.conversation.id),
      await insert(foreign.operator.id, foreign.conversation.id, foreign.workspace.id),
    ];
    const { principal } = world.operator;
    const own = await insert(world.operator.id, null);
    expect(accepted(await markNotificationsSeen(database, principal, { ids: others }))).toEqual({ unseenCount: 1 });
    accepted(await markNotificationsSeen(database, principal, { conversationId: foreign.conversation.id }));
    accepted(await markNotificationsSeen(database, principal, {}));
    expect(await Promise.all(others.map(isSeen))).toEqual([false, false]);
    expect(await isSeen(own)).toBe(true);
  });

  it('marks some, those of one conversation, or all, and counts what is left', async () => {
    const { id, principal } = world.operator;
    const some = await insert(id, null);
    const ofConversation = [await insert(id, world.conversation.id), await insert(id, world.conversation.id)];
    const last = await insert(id, null);
    expect(accepted(await markNotificationsSeen(database, principal, { ids: [] }))).toEqual({ unseenCount: 4 });
    expect(accepted(await markNotificationsSeen(database, principal, { ids: [some] }))).toEqual({ unseenCount: 3 });
    const { conversation } = world;
    expect(accepted(await markNotificationsSeen(database, principal, { conversationId: conversation.id }))).toEqual({
      unseenCount: 1,
    });
    expect(await Promise.all([some, ...ofConversation, last].map(isSeen))).toEqual([true, true, true, false]);
    expect(accepted(await markNotificationsSeen(database, principal, {}))).toEqual({ unseenCount: 0 });
  });

  it('keeps the moment in which a notification was first seen', async () => {
    const { id, principal } = world.operator;
    const notification = await insert(id, null);
    accepted(await markNotificationsSeen(database, principal, {}));
    const before = await database.source.manager.findOneByOrFail(Notification, { id: notification });
    accepted(await markNotificationsSeen(database, principal, { ids: [notification] }));
    expect(await database.source.manager.findOneByOrFail(Notification, { id: notification })).toEqual(before);
  });
});
