import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import type { Caller } from '../support/api-client';
import {
  CONVERSATION_EVENTS,
  type EventView,
  INQUIRY,
  type InquiryView,
  type NotificationView,
  READ_NOTIFICATIONS,
} from '../support/documents';
import {
  addScene,
  eventually,
  readConversation,
  readMessages,
  ready,
  request,
  type Scene,
  startScene,
  type Visit,
  write,
} from './scene';

let inbox: SmtpInbox;
let scene: Scene;
/** With a worker: everything that happens by itself. The AI is a runtime with a key, played by the tests. */
beforeAll(async () => {
  inbox = await startSmtpInbox();
  scene = await startScene({ env: { SMTP_URL: inbox.url }, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
  await inbox.stop();
});

async function bellOf(reader: Caller): Promise<readonly NotificationView[]> {
  const data = await reader.ask<{ notifications: { nodes: NotificationView[] } }>(READ_NOTIFICATIONS);
  return data.notifications.nodes;
}

/** What is under the bell about one conversation, once there is something of the kind and its deliveries are settled. */
async function rung(reader: Caller, { conversationId }: Visit, kind: string): Promise<NotificationView> {
  const find = async (): Promise<NotificationView | undefined> =>
    (await bellOf(reader)).find((item) => item.conversation?.id === conversationId && item.kind === kind);
  const isSettled = (item: NotificationView | undefined): boolean =>
    item?.deliveries.every((delivery) => delivery.state !== 'PENDING') ?? false;
  return (await eventually(find, isSettled))!;
}

const to =
  (address: string) =>
  (mail: { envelope: { to: string[] } }): boolean =>
    mail.envelope.to.includes(address);

describe('promise 6 — a request reaches every operator who may handle the agent, as each has set', () => {
  it('rings no bell of one who may not handle the agent, and mails nobody who wants no mail', async () => {
    const own = await addScene(scene.api);
    const { people, world } = own;
    await people.secondOperator.act('updateNotificationSettings', { channels: [] });
    const visit = await own.visit(world.secondAgent);
    await request(visit);
    const mail = await inbox.waitForMail(to(world.operator.row.email));
    expect(`${mail.subject ?? ''} ${mail.text ?? ''}`).toContain('Vera');
    for (const person of ['operator', 'manager', 'owner'] as const) {
      const { deliveries } = await rung(people[person], visit, 'HANDOFF_REQUESTED');
      expect(deliveries).toMatchObject([{ channel: 'EMAIL', state: 'SENT' }]);
    }
    expect((await rung(people.secondOperator, visit, 'HANDOFF_REQUESTED')).deliveries).toEqual([]);
    for (const person of ['limited', 'viewer', 'otherMember'] as const)
      expect(await bellOf(people[person])).toEqual([]);
    const quiet = [world.secondOperator, world.limited, world.viewer, world.otherMember].map(({ row }) => row.email);
    expect(inbox.mails.filter((each) => quiet.some((address) => to(address)(each)))).toEqual([]);
  });
});

describe('promise 10 — nobody answers in time: UNANSWERED, the AI again, the visitor told and offered the inquiry', () => {
  it('holds though the visitor has left, and an accept comes too late', async () => {
    const own = await addScene(scene.api, { agent: { requestTimeoutSeconds: 1, responderKind: 'API' } });
    const { people } = own;
    await people.manager.act('updateAgentHandoff', {
      agentId: own.ids.agent,
      announcements: { unanswered: 'Nobody came.' },
    });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    const tab = await ready(visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    const handoffId = await request(visit);
    await tab.stop();
    const conversation = await eventually(
      () => readConversation(people.operator, conversationId),
      ({ controller }) => controller === 'AI',
    );
    expect(conversation).toMatchObject({ controlEpoch: 3, handoff: null, waitingSince: null });
    const late = await people.operator.attempt('acceptHandoff', { handoffId });
    expect(late).toMatchObject({ userErrors: [{ code: 'INVALID_TRANSITION' }], handoff: { state: 'UNANSWERED' } });

    const back = visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId, after: tab.items[0]!.cursor });
    await back.waitFor((item) => item.handoff?.state === 'UNANSWERED');
    await back.stop();
    expect((await readMessages(visitor, conversationId)).at(-1)).toMatchObject({
      kind: 'HANDOFF_EVENT',
      text: 'Nobody came.',
    });
    const { handoffOffer, viewerCan } = await readConversation(visitor, conversationId);
    expect(handoffOffer).toMatchObject({ mode: 'POPUP', inquiryAvailable: true });
    expect(viewerCan).toEqual(['SEND_MESSAGE', 'REQUEST_HANDOFF', 'SUBMIT_INQUIRY']);
    await rung(people.operator, visit, 'HANDOFF_UNANSWERED');
  });
});

describe('promise 11 — an inquiry lands with the operators, and its answer with the visitor', () => {
  const LIST = `query($id: ID!) { organization(id: $id) { inquiries(states: [OPEN, ANSWERED]) { totalCount nodes ${INQUIRY} } } }`;

  it('refuses one without an address or a text, and an answer by a member who may not handle', async () => {
    const { visitor, conversationId } = await scene.visit();
    const inquiry = { conversationId, email: 'vera@example.com', text: 'When do you open?', idempotencyKey: 'i' };
    for (const [change, path] of [
      [{ email: '' }, 'email'],
      [{ email: 'vera' }, 'email'],
      [{ text: ' ' }, 'text'],
    ] as const) {
      const { userErrors } = await visitor.attempt('submitInquiry', { ...inquiry, ...change });
      expect(userErrors).toMatchObject([{ code: 'INVALID', path: [path] }]);
    }
    expect(await scene.people.operator.refusals('submitInquiry', inquiry)).toEqual(['FORBIDDEN']);
    const left = await visitor.act('submitInquiry', inquiry);
    const answer = { inquiryId: left.inquiry!.id, text: 'At nine.', idempotencyKey: 'a' };
    expect(await scene.people.viewer.refusals('answerInquiry', answer)).toEqual(['FORBIDDEN']);
    expect(await visitor.refusals('answerInquiry', answer)).toEqual(['FORBIDDEN']);
  });

  it('writes it into the conversation and the list, notifies, and mails the answer under the brand', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const branding = { displayName: 'Fine Shoes', emailFromName: 'Fine Shoes Team' };
    await people.manager.act('updateOrganization', { id: ids.organization, branding });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    const email = 'vera.shoes@example.com';
    const input = { conversationId, email, name: 'Vera', text: 'Do you have size 50?', idempotencyKey: 'i' };
    const inquiryId = (await visitor.act('submitInquiry', input)).inquiry!.id;
    expect((await visitor.act('submitInquiry', input)).inquiry!.id).toBe(inquiryId);
    expect(await visitor.refusals('submitInquiry', { ...input, text: 'Other' })).toEqual(['IDEMPOTENCY_MISMATCH']);
    await rung(people.secondOperator, visit, 'INQUIRY_SUBMITTED');

    const answer = { inquiryId, text: 'Yes, in **black**.', idempotencyKey: 'a' };
    await people.operator.act('answerInquiry', answer);
    await people.operator.act('answerInquiry', answer);
    const mail = await inbox.waitForMail(to(email));
    expect(mail.from?.text).toContain('Fine Shoes Team');
    expect(mail.text).toContain('Yes, in **black**.');
    const read = async (): Promise<InquiryView> => {
      const { organization } = await people.operator.ask<{
        organization: { inquiries: { totalCount: number; nodes: InquiryView[] } };
      }>(LIST, { id: ids.organization });
      expect(organization.inquiries.totalCount).toBe(1);
      return organization.inquiries.nodes[0]!;
    };
    const sent = await eventually(read, ({ answers }) => answers[0]?.delivery.state === 'SENT');
    expect(sent).toMatchObject({
      state: 'ANSWERED',
      email,
      name: 'Vera',
      answers: [{ author: { displayName: 'oscar' } }],
    });
    const transcript = (await readMessages(visitor, conversationId)).map(({ kind, authorKind, text }) => [
      kind,
      authorKind,
      text,
    ]);
    expect(transcript).toEqual([
      ['INQUIRY', 'VISITOR', 'Do you have size 50?'],
      ['INQUIRY', 'OPERATOR', 'Yes, in **black**.'],
    ]);
    await people.operator.act('closeInquiry', { inquiryId });
    const more = { ...answer, idempotencyKey: 'b' };
    expect(await people.operator.refusals('answerInquiry', more)).toEqual(['INVALID_TRANSITION']);
    expect(inbox.mails.filter(to(email))).toHaveLength(1);
  });
});

describe('promise 14 — each person chooses channels and events', () => {
  it('refuses a visitor and a key, and null for what cannot be empty', async () => {
    const { people } = scene;
    const input = { channels: ['EMAIL'], events: 'ALL_MESSAGES' };
    expect(await people.visitor.refusals('updateNotificationSettings', input)).toEqual(['FORBIDDEN']);
    expect(await people.staffKey.refusals('updateNotificationSettings', input)).toEqual(['FORBIDDEN']);
    expect(await people.operator.refusals('updateNotificationSettings', { events: null })).toEqual(['INVALID']);
  });

  it('mails requests only by default, and tells of every message those who want it', async () => {
    const own = await addScene(scene.api);
    const { people } = own;
    const settings = '{ viewer { ... on User { notificationSettings { channels events } } } }';
    const defaults = { viewer: { notificationSettings: { channels: ['EMAIL'], events: 'REQUESTS_ONLY' } } };
    expect(await people.operator.ask(settings)).toEqual(defaults);
    await people.secondOperator.act('updateNotificationSettings', { events: 'ALL_MESSAGES' });
    await people.manager.act('updateNotificationSettings', { events: 'ALL_MESSAGES', channels: ['PUSH'] });
    const visit = await own.visit();
    await write(visit.visitor, visit.conversationId, 'Just a question');
    const { deliveries, body } = await rung(people.secondOperator, visit, 'MESSAGE_RECEIVED');
    expect(deliveries).toMatchObject([{ channel: 'EMAIL', state: 'SENT' }]);
    expect(body).toContain('Just a question');
    const unreachable = await rung(people.manager, visit, 'MESSAGE_RECEIVED');
    expect(unreachable.deliveries).toEqual([{ channel: 'PUSH', state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' }]);
    await request(visit);
    await rung(people.operator, visit, 'HANDOFF_REQUESTED');
    expect((await bellOf(people.operator)).map((item) => item.kind)).toEqual(['HANDOFF_REQUESTED']);
  });
});

describe('promise 12 — the same with a responder of ours', () => {
  it('lets the scripted AI answer with the brief, and ask for a person when the visitor does', async () => {
    const own = await addScene(scene.api, { agent: { responderKind: 'SCRIPTED' } });
    const { people } = own;
    const { visitor, conversationId } = await own.visit();
    await people.operator.act('takeOverConversation', { conversationId });
    await write(visitor, conversationId, 'What does it cost?');
    await people.operator.act('handBackToAi', { conversationId, brief: 'Shipping is free today.' });
    const answered = await eventually(
      () => readMessages(visitor, conversationId),
      (messages) => messages.at(-1)?.authorKind === 'AI',
    );
    expect(answered.at(-1)!.text).toContain('Shipping is free today.');
    await write(visitor, conversationId, 'I want to talk to a person');
    const asked = await eventually(
      () => readConversation(people.operator, conversationId),
      ({ handoff }) => handoff?.state === 'REQUESTED',
    );
    expect(asked).toMatchObject({ controller: 'NONE' });
  });
});
