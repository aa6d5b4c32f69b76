import { encodePublicId } from '../../src/domain/public-id';
import { Notification } from '../../src/entities/notification';
import { type NotificationView, READ_NOTIFICATIONS } from '../support/documents';
import { newNotification } from './rows';
import { PUBLIC, readRootFields, type RootField } from './root-fields';
import { type Scene, startScene } from './scene';

let own: Scene;
let fields: RootField[];
beforeAll(async () => {
  own = await startScene({ withWorker: false });
  fields = await readRootFields(own.nobody);
});
afterAll(() => own.api.stop());

describe('every root field — without a credential', () => {
  it('has its public list: these fields, and no others, answer anybody', () => {
    const names = fields.map(({ field }) => field.name);
    expect(names).toEqual(expect.arrayContaining(PUBLIC));
    expect(names.length).toBeGreaterThan(50);
  });

  it('refuses queries and mutations as UNAUTHENTICATED and answers nothing', async () => {
    for (const root of fields.filter(({ kind, field }) => kind !== 'subscription' && !PUBLIC.includes(field.name))) {
      for (const caller of [own.nobody, own.nobody.as('bt_not-a-token'), own.nobody.as('x'.repeat(500))]) {
        const { data, errors } = await caller.post(root.document, root.variables);
        expect({ name: root.field.name, errors }).toMatchObject({
          name: root.field.name,
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
        expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
      }
    }
  });

  it('answers the public ones without UNAUTHENTICATED', async () => {
    for (const root of fields.filter(({ field }) => PUBLIC.includes(field.name))) {
      const { errors } = await own.nobody.post(root.document, root.variables);
      expect({ name: root.field.name, errors }).toEqual({ name: root.field.name, errors: undefined });
    }
  });

  it('refuses subscriptions by closing the socket', async () => {
    for (const root of fields.filter(({ kind }) => kind === 'subscription')) {
      const stream = own.nobody.subscribe(root.document, root.variables);
      expect(await stream.waitForError()).toMatchObject({ code: 4401 });
      expect(stream.items).toEqual([]);
    }
  });
});

describe('ids that choose among what the caller has', () => {
  it("leaves other people's notifications alone", async () => {
    const { people, world, api } = own;
    const row = newNotification(world.limited.row, null);
    await api.source.manager.insert(Notification, row);
    const id = encodePublicId('notification', row.id);
    await people.secondOperator.act('markNotificationsSeen', { ids: [id] });
    const seenAt = async (): Promise<string | null | undefined> => {
      const data = await people.limited.ask<{ notifications: { nodes: NotificationView[] } }>(READ_NOTIFICATIONS);
      return data.notifications.nodes.find((node) => node.id === id)?.seenAt;
    };
    expect(await seenAt()).toBeNull();
    expect((await people.limited.act('markNotificationsSeen', { ids: [id] })).unseenCount).toBe(0);
    expect(await seenAt()).toEqual(expect.any(String));
  });
});
