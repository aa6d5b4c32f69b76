import type { EventView } from '../support/documents';
import { ready, type Scene, startScene, write } from './scene';

const PLAIN = `subscription($id: ID!, $after: Cursor) { organizationEvents(organizationId: $id, after: $after) {
  __typename ... on StreamReady { cursor } ... on MessageAdded { cursor message { id sequence text author { __typename id displayName } } } } }`;
const PERSONAL = `subscription($id: ID!) { organizationEvents(organizationId: $id) {
  __typename ... on MessageAdded { cursor message { sequence conversation { id unreadCount viewerCan } } } } }`;

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
});

const open = (query: string, people: readonly (keyof Scene['people'])[], variables: object = {}) =>
  Promise.all(
    people.map((person) =>
      ready(scene.people[person].subscribe<EventView>(query, { id: scene.ids.organization, ...variables })),
    ),
  );

describe('who shares the execution of an event', () => {
  it('is everybody of equal rights who asks the same, wherever they resume; others have a group of their own', async () => {
    const { streams } = scene.api;
    const visit = await scene.visit();
    const [first] = await open(PLAIN, ['operator']);
    const { cursor } = first!.items[0] as unknown as { cursor: string };
    const feeds = [
      first!,
      ...(await open(PLAIN, ['secondOperator', 'operator', 'secondOperator'])),
      ...(await open(PLAIN, ['operator', 'secondOperator'], { after: cursor })),
      // Other permissions, other agents, staff of the workspace.
      ...(await open(PLAIN, ['viewer', 'limited', 'owner'])),
    ];
    expect([streams.size, streams.memberCount]).toEqual([4, 9]);
    const before = { ...streams.counts };
    await write(visit.visitor, visit.conversationId, 'Hello');
    const messages = await Promise.all(feeds.map((feed) => feed.waitFor((item) => item.message?.sequence === 1)));
    // The same for everybody: all of them are colleagues.
    for (const message of messages) expect(message).toEqual(messages[0]);
    expect(streams.counts.executions - before.executions).toBe(4);
    expect(streams.counts.deliveries - before.deliveries).toBe(9);
    await Promise.all(feeds.map((feed) => feed.stop()));
  });

  it('is nobody else as soon as a field depends on who is looking', async () => {
    const { streams } = scene.api;
    const visit = await scene.visit();
    const people = ['operator', 'secondOperator', 'operator', 'viewer', 'limited', 'manager'] as const;
    const feeds = await open(PERSONAL, people);
    await write(visit.visitor, visit.conversationId, 'One');
    await Promise.all(feeds.map((feed) => feed.waitFor((item) => item.message?.sequence === 1)));
    await scene.people.operator.act('markRead', { conversationId: visit.conversationId, upToSequence: 1 });
    await write(visit.visitor, visit.conversationId, 'Two');
    const seen = await Promise.all(feeds.map((feed) => feed.waitFor((item) => item.message?.sequence === 2)));
    const told = seen.map(
      (item) => (item.message as unknown as { conversation: { unreadCount: number } }).conversation,
    );
    expect(told.map(({ unreadCount }) => unreadCount)).toEqual([1, 2, 1, 2, 2, 2]);
    // Two subscriptions of one person share.
    expect(streams.size).toBe(5);
    for (const feed of feeds) expect(feed.items.filter((item) => item.message !== undefined)).toHaveLength(2);
    await Promise.all(feeds.map((feed) => feed.stop()));
  });

  it('ends with the access: whoever lost it gets no frame more, the others of its group go on', async () => {
    const visit = await scene.visit();
    const [kept, lost] = await open(PLAIN, ['operator', 'secondOperator']);
    await write(visit.visitor, visit.conversationId, 'Before');
    await Promise.all([kept, lost].map((feed) => feed!.waitFor((item) => item.message?.sequence === 1)));
    await scene.people.owner.act('updateUser', { id: scene.ids.secondOperator, permissions: [] });
    await write(visit.visitor, visit.conversationId, 'After');
    await kept!.waitFor((item) => item.message?.sequence === 2);
    expect(await lost!.waitForError()).toMatchObject({ code: 4205 });
    expect(lost!.items.some((item) => item.message?.sequence === 2)).toBe(false);
    await Promise.all([kept!.stop(), lost!.stop()]);
  });
});
