import { hashToken } from '../../src/identity/tokens';
import {
  CONVERSATION_EVENTS,
  CONVERSATION_SIGNALS,
  type EventView,
  ORGANIZATION_EVENTS,
  READ_NOTIFICATIONS,
  type SignalView,
} from '../support/documents';
import { columnsWith } from '../support/search-database';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { addScene, eventually, ready, type Scene, startScene } from './scene';
import { liveThrough, MARK, marked, nobodysId, uuidOf } from './visitor-data';

let inbox: SmtpInbox;
let scene: Scene;
beforeAll(async () => {
  inbox = await startSmtpInbox();
  scene = await startScene({ env: { SMTP_URL: inbox.url }, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
  await inbox.stop();
});

/** What an entry of the audit log is about: an opaque id. */
const isAllThatStays = (columns: readonly string[]): boolean => columns.join() === 'public.audit_entries.subject_id';

const source = () => scene.api.source;

describe('eraseVisitor — who may not', () => {
  it('answers everybody else as if there were no such visitor, and erases nothing', async () => {
    const own = await addScene(scene.api);
    const other = await addScene(scene.api);
    const { visitor, visitorId, conversationId } = await own.visit();
    const { people } = own;
    const strangers = [people.operator, people.viewer, people.limited, people.otherMember, people.otherVisitor];
    for (const caller of [...strangers, people.agentKey, other.people.owner, other.people.staffKey]) {
      expect(await caller.refusals('eraseVisitor', { visitorId })).toEqual(['NOT_FOUND']);
      expect(await caller.refusals('exportVisitor', { visitorId })).toEqual(['NOT_FOUND']);
    }
    expect(await people.owner.refusals('eraseVisitor', {})).toEqual(['INVALID']);
    expect(await people.owner.refusals('eraseVisitor', { visitorId: nobodysId() })).toEqual(['NOT_FOUND']);
    await visitor.act('sendMessage', { conversationId, clientNonce: 'a', text: 'Still here' });
  });

  it('takes staff once one conversation is of another organization', async () => {
    const { people, ids, visit, world } = await addScene(scene.api);
    const { visitor, visitorId } = await visit();
    await people.owner.act('assignAgent', { agentId: ids.agent, organizationId: ids.otherOrganization });
    await visitor.act('startConversation', { idempotencyKey: 'after the move' });
    expect(await people.manager.refusals('eraseVisitor', { visitorId })).toEqual(['NOT_FOUND']);
    expect(await people.otherMember.refusals('exportVisitor', { visitorId })).toEqual(['NOT_FOUND']);
    expect((await people.staffKey.act('eraseVisitor', { visitorId })).erasedVisitorId).toBe(visitorId);
    expect(world.organization.id).not.toBe(world.otherOrganization.id);
  });
});

describe('eraseVisitor — everything of a visitor', () => {
  it('is in no column of the database any more, and the log keeps its positions', async () => {
    const subject = await marked(scene);
    const { visitor, visitorId, conversationId, token, resumeToken } = subject;
    const { people, ids } = scene;
    await people.secondOperator.act('updateNotificationSettings', { events: 'ALL_MESSAGES' });
    const feed = await ready(people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    const own = await ready(visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    const signals = visitor.subscribe<SignalView>(CONVERSATION_SIGNALS, { id: conversationId });
    const watching = await ready(people.operator.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    await liveThrough(scene, inbox, subject);

    const hashes = [token, resumeToken].map((each) => hashToken(each).toString('hex'));
    const personal = [MARK, visitorId, conversationId, uuidOf(visitorId), ...hashes];
    // The search finds what is there: in all these places it is to be gone from.
    expect(await columnsWith(source(), MARK)).toEqual(expect.arrayContaining(PLANTED));
    expect(await columnsWith(source(), ...personal)).toEqual(
      expect.arrayContaining([
        'public.visitor_sessions.token_hash',
        'public.visitors.resume_token_hash',
        'public.visitors.id',
      ]),
    );

    const cursor = feed.items[0]!.cursor;
    expect((await people.owner.act('eraseVisitor', { visitorId })).erasedVisitorId).toBe(visitorId);

    const erased = await feed.waitFor((item) => item.__typename === 'ConversationErased');
    expect(erased.conversationId).toBe(conversationId);
    expect(await signals.waitForError()).toMatchObject({ code: 4401 });
    for (const stream of [own, watching]) await stream.waitFor((item) => item.__typename === 'ConversationErased');
    await eventually(async () => columnsWith(source(), ...personal), isAllThatStays);
    // An opaque id: what tells dashboards which conversation is gone, and the alarm clock of its request.
    expect(await columnsWith(source(), uuidOf(conversationId))).toEqual([
      'bullmq.job.data',
      'public.audit_entries.subject_id',
      'public.events.conversation_id',
      'public.events.subject_id',
    ]);
    const [log] = await source().query<object[]>(
      'select count(*) = max(position) as dense, max(position) = (select position from event_log) as complete from events',
    );
    expect(log).toEqual({ dense: true, complete: true });

    // A dashboard that was away while it happened.
    const replay = people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization, after: cursor });
    await replay.waitFor((item) => item.__typename === 'ConversationErased');
    expect(replay.items[0]).toMatchObject({ __typename: 'StreamReady', recovered: true });
    expect(JSON.stringify(replay.items)).not.toContain(MARK);
    expect(replay.errors).toEqual([]);
    const bell = await people.secondOperator.ask<{ notifications: object }>(READ_NOTIFICATIONS);
    expect(bell.notifications).toEqual({ unseenCount: 0, nodes: [] });

    expect(await people.owner.refusals('eraseVisitor', { visitorId })).toEqual(['NOT_FOUND']);
    expect((await visitor.post('{ viewer { __typename } }')).data).toEqual({ viewer: null });
    const resumed = { agentPublicKey: scene.world.agent.publicKey, resumeToken };
    expect(await scene.nobody.refusals('startVisitorSession', resumed)).toEqual(['TOKEN_EXPIRED']);
    await Promise.all([feed, own, signals, watching, replay].map((stream) => stream.stop()));
  });

  it('of the visitor itself: its own wish is enough', async () => {
    const { visitor, visitorId, conversationId } = await scene.visit();
    expect((await visitor.act('eraseVisitor', {})).erasedVisitorId).toBe(visitorId);
    const { errors } = await visitor.post('mutation { eraseVisitor(input: {}) { erasedVisitorId } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await scene.people.manager.refusals('takeOverConversation', { conversationId })).toEqual(['NOT_FOUND']);
  });
});

describe('eraseVisitor — at the same moment as others write', () => {
  it('leaves no row behind, and gives nobody an error of the server', async () => {
    const { people } = scene;
    for (let round = 0; round < 5; round += 1) {
      const { visitor, visitorId, conversationId } = await scene.visit();
      const writes = Array.from({ length: 6 }, (_, n) =>
        visitor.post(WRITE, { input: { conversationId, clientNonce: String(n), text: `Race ${n}` } }),
      );
      const starts = Array.from({ length: 3 }, (_, n) =>
        visitor.post(START, { input: { idempotencyKey: `race ${n}` } }),
      );
      const [erased, ...answers] = await Promise.all([
        people.owner.act('eraseVisitor', { visitorId }),
        people.manager.post(TAKE_OVER, { input: { conversationId } }),
        ...writes,
        ...starts,
      ]);
      expect(erased.erasedVisitorId).toBe(visitorId);
      const codes = answers.flatMap(({ errors }) => (errors ?? []).map((error) => error.extensions?.code));
      expect(codes.filter((code) => code !== 'UNAUTHENTICATED' && code !== 'NOT_FOUND')).toEqual([]);
      const ids = [visitorId, uuidOf(visitorId)];
      await eventually(async () => columnsWith(source(), ...ids), isAllThatStays);
    }
  });
});

const WRITE = 'mutation($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }';
const START = 'mutation($input: StartConversationInput!) { startConversation(input: $input) { userErrors { code } } }';
const TAKE_OVER =
  'mutation($input: TakeOverConversationInput!) { takeOverConversation(input: $input) { userErrors { code } } }';

/** Every column that takes a text of a visitor, or one about it. */
const PLANTED = [
  'public.conversations.idempotency_key',
  'public.deliveries.detail',
  'public.events.snapshot',
  'public.handoffs.brief',
  'public.handoffs.reason',
  'public.handoffs.summary',
  'public.inquiries.email',
  'public.inquiries.idempotency_key',
  'public.inquiries.name',
  'public.inquiries.text',
  'public.inquiry_answers.idempotency_key',
  'public.inquiry_answers.text',
  'public.messages.client_nonce',
  'public.messages.text',
  'public.notes.text',
  'public.notifications.body',
  'public.notifications.title',
  'public.turns.brief',
  'public.visitors.display_name',
  'public.visitors.email',
  'public.visitors.locale',
];
