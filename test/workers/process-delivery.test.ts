import type { DataSource } from 'typeorm';
import { answerInquiry } from '../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../src/commands/conversation/cancel-handoff';
import { requestHandoff } from '../../src/commands/conversation/request-handoff';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { newId } from '../../src/database/ids';
import { createMailTransport } from '../../src/delivery/mail/create-mail-transport';
import type { MailTransport } from '../../src/delivery/mail/mail-transport';
import { generateVapidKeys } from '../../src/delivery/push/push-keys';
import { createPushSender } from '../../src/delivery/push/push-sender';
import { encodePublicId } from '../../src/domain/public-id';
import type { Job } from '../../src/jobs/jobs';
import { createOutgoing } from '../../src/outgoing/outgoing';
import { type DeliveryDependencies, processDelivery } from '../../src/workers/process-delivery';
import { writeAlerts } from '../../src/workers/write-alerts';
import { transact } from '../../src/database/transact';
import { LogBook } from '../realtime/support';
import { type PushEndpoint, startPushEndpoint } from '../support/push-endpoint';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';

let server: TestDatabase;
let source: DataSource;
let database: Database;
let inbox: SmtpInbox;
let browsers: PushEndpoint;
let mail: MailTransport;
let dependencies: DeliveryDependencies;
let world: World;
let handoffId: string;
const log = new LogBook();
const added: Job[] = [];

beforeAll(async () => {
  server = await createTestDatabase();
  source = createDataSource({ url: server.url, poolSize: 8, applicationName: 'baton-test' });
  await source.initialize();
  database = { source, afterCommit: () => undefined };
  inbox = await startSmtpInbox();
  browsers = await startPushEndpoint();
  mail = createMailTransport({ smtpUrl: inbox.url, mailDirectory: '/nowhere', log: () => undefined });
  dependencies = {
    source,
    mail,
    push: createPushSender({
      vapid: { ...generateVapidKeys(), subject: 'mailto:ops@example.com' },
      outgoing: createOutgoing({ allowLoopback: true }),
    }),
    mailFrom: 'no-reply@baton.example',
    serverBrand: { dashboardUrl: 'https://dashboard.example' },
    queues: {
      enqueue: async (jobs) => {
        added.push(...jobs);
      },
    },
    log,
  };
});

beforeEach(async () => {
  world = await createWorld(source);
  added.length = 0;
  const input = { conversationId: world.conversation.id, reason: 'A broken parcel', summary: null, controlEpoch: null };
  handoffId = (await requestHandoff(database, world.visitor.principal, input)).value!.handoff!.id;
});

afterEach(() => {
  expect(log.errors()).toEqual([]);
});

afterAll(async () => {
  await mail.close();
  await inbox.stop();
  await browsers.stop();
  await source.destroy();
  await server.drop();
});

/** What the router writes for a request, as that request stands; the delivery of the operator by that channel. */
async function alertOperator(channel: 'EMAIL' | 'PUSH' = 'EMAIL'): Promise<string> {
  const { conversation, agent, workspace, organization } = world;
  const text = { origin: 'VISITOR' as const, reason: 'A broken parcel', summary: null, text: '', name: null };
  const place = { workspaceId: workspace.id, organizationId: organization.id, agentId: agent.id, conversationId: conversation.id };
  await transact(database, (transaction) => writeAlerts(transaction, [{ kind: 'HANDOFF_REQUESTED', subjectId: handoffId, ...place, text }]));
  const [row] = await source.query<{ id: string }[]>(
    'select d.id from deliveries d join notifications n on n.id = d.notification_id where n.user_id = $1 and d.channel = $2',
    [world.operator.id, channel],
  );
  return row!.id;
}

async function choosePush(): Promise<string> {
  const { endpoint, p256dh, auth } = browsers.createSubscription();
  const id = newId();
  await source.query(
    `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, '{PUSH}', 'REQUESTS_ONLY')`,
    [world.operator.id, world.workspace.id],
  );
  await source.query(
    `insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5, $6)`,
    [id, world.workspace.id, world.operator.id, endpoint, p256dh, auth],
  );
  return id;
}

async function send(deliveryId: string, using: Partial<DeliveryDependencies> = {}): Promise<void> {
  await processDelivery({ deliveryId, workspaceId: world.workspace.id }, { ...dependencies, ...using });
}

async function makeDue(deliveryId: string): Promise<void> {
  await source.query('update deliveries set due_at = now() where id = $1', [deliveryId]);
}

interface Row {
  state: string;
  attempts: number;
  detail: string | null;
  sent: boolean;
  wait: number;
}

async function row(deliveryId: string): Promise<Row> {
  const [found] = await source.query<Row[]>(
    `select state, attempts, detail, sent_at is not null as sent, round(extract(epoch from due_at - now()))::int as wait
     from deliveries where id = $1`,
    [deliveryId],
  );
  return found!;
}

const mailsTo = (address: string): number => inbox.mails.filter(({ envelope }) => envelope.to.includes(address)).length;

describe('a delivery', () => {
  it('of another workspace is not found', async () => {
    const deliveryId = await alertOperator();
    await processDelivery({ deliveryId, workspaceId: newId() }, dependencies);
    expect(await row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 0 });
  });

  it('sends the e-mail under the brand of the organization, with a stable Message-ID and a link', async () => {
    await source.query(`update organizations set branding = '{"displayName": "Client Ltd"}' where id = $1`, [world.organization.id]);
    const deliveryId = await alertOperator();
    await send(deliveryId);
    const received = await inbox.waitForMail(({ envelope }) => envelope.to.includes(world.operator.row.email));
    expect(received.messageId).toBe(`<${encodePublicId('delivery', deliveryId)}@baton.example>`);
    expect(received.from?.value).toEqual([{ name: 'Client Ltd', address: 'no-reply@baton.example' }]);
    expect(received.subject).toBe('Vera asks for a person');
    expect(received.text).toContain('A broken parcel');
    expect(received.text).toContain(`https://dashboard.example/conversations/${encodePublicId('conversation', world.conversation.id)}`);
    expect(received.headers.get('auto-submitted')).toBe('auto-generated');
    expect(await row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1, sent: true });
  });

  it('taken by many at once sends one mail', async () => {
    const deliveryId = await alertOperator();
    await Promise.all(Array.from({ length: 8 }, () => send(deliveryId)));
    expect(mailsTo(world.operator.row.email)).toBe(1);
    expect(await row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it('that was sent is not sent again', async () => {
    const deliveryId = await alertOperator();
    await send(deliveryId);
    await makeDue(deliveryId);
    await send(deliveryId);
    expect(mailsTo(world.operator.row.email)).toBe(1);
  });

  it('whose process dies between sending and recording is sent once more, with the same Message-ID', async () => {
    const deliveryId = await alertOperator();
    const dying = { query: diesAtRecord(), manager: source.manager } as unknown as DataSource;
    await expect(send(deliveryId, { source: dying })).rejects.toThrow('The process died.');
    expect(await row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1 });
    await send(deliveryId);
    expect(mailsTo(world.operator.row.email)).toBe(1);

    await makeDue(deliveryId);
    await send(deliveryId);
    const copies = inbox.mails.filter(({ envelope }) => envelope.to.includes(world.operator.row.email));
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 2 });
  });

  it('that the mail server refuses for good fails with its words', async () => {
    const deliveryId = await alertOperator();
    inbox.failNext({ kind: 'reject', at: 'RCPT', code: 550, message: 'no such person' });
    await send(deliveryId);
    const failed = await row(deliveryId);
    expect(failed).toMatchObject({ state: 'FAILED', attempts: 1, sent: false });
    expect(failed.detail).toContain('no such person');
    expect(added).toEqual([]);
  });

  it('that the mail server puts off is tried again later, and six times at most', async () => {
    const deliveryId = await alertOperator();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      inbox.failNext({ kind: 'reject', at: 'RCPT', code: 451 });
      await send(deliveryId);
      const pending = await row(deliveryId);
      expect(pending).toMatchObject({ state: 'PENDING', attempts: attempt });
      waits.push(pending.wait);
      await makeDue(deliveryId);
    }
    expect(waits).toEqual([10, 30, 120, 300, 900]);
    expect(added.map(({ delayMs, ...job }) => ('round' in job ? [job.round, delayMs] : job))).toEqual([
      [1, 10_000], [2, 30_000], [3, 120_000], [4, 300_000], [5, 900_000],
    ]);
    inbox.failNext({ kind: 'reject', at: 'RCPT', code: 451 });
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'FAILED', attempts: 6 });
    expect(mailsTo(world.operator.row.email)).toBe(0);
  });

  it('reaches a browser with the words of the notification, under one topic for each request', async () => {
    await choosePush();
    const deliveryId = await alertOperator('PUSH');
    await send(deliveryId);
    const push = await browsers.waitForPush(({ payload }) => String(payload.tag).includes(handoffId));
    expect(push.payload).toMatchObject({ title: 'Vera asks for a person', body: 'A broken parcel', kind: 'HANDOFF_REQUESTED' });
    expect(push.topic).toMatch(/^[\w-]{1,32}$/);
    expect(push.vapid).not.toBeNull();
    expect(await row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it.each([404, 410])('that a push service answers with %i deletes the subscription', async (status) => {
    const subscriptionId = await choosePush();
    const deliveryId = await alertOperator('PUSH');
    browsers.answerNext({ status });
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'FAILED', detail: 'SUBSCRIPTION_GONE' });
    expect(await source.query('select id from push_subscriptions where id = $1', [subscriptionId])).toEqual([]);
  });

  it('that a push service puts off waits as long as it asks for', async () => {
    await choosePush();
    const deliveryId = await alertOperator('PUSH');
    browsers.answerNext({ status: 429, headers: { 'retry-after': '100' } }, { status: 500 });
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1, wait: 100 });
    await makeDue(deliveryId);
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 2, wait: 30 });
    await makeDue(deliveryId);
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 3 });
  });

  it('that a push service refuses for good fails and keeps the subscription', async () => {
    const subscriptionId = await choosePush();
    const deliveryId = await alertOperator('PUSH');
    browsers.answerNext({ status: 400 });
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'FAILED', attempts: 1 });
    expect(await source.query('select id from push_subscriptions where id = $1', [subscriptionId])).toHaveLength(1);
  });

  const settings = (columns: string) => (): Promise<unknown> =>
    source.query(
      `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, ${columns})
       on conflict (user_id) do update set channels = excluded.channels`,
      [world.operator.id, world.workspace.id],
    );
  const changes: [string, string, () => Promise<unknown>][] = [
    ['the user was disabled', 'ACCESS_LOST', () => source.query('update users set disabled_at = now() where id = $1', [world.operator.id])],
    ['the permission was taken away', 'ACCESS_LOST', () => source.query(`update users set permissions = '{VIEW_CONVERSATIONS}' where id = $1`, [world.operator.id])],
    ['the user was limited to other agents', 'ACCESS_LOST', () => source.query('update users set limited_to_agents = true where id = $1', [world.operator.id])],
    ['the channel was switched off', 'CHANNEL_OFF', settings(`'{}', 'REQUESTS_ONLY'`)],
    ['it was seen', 'SEEN', () => source.query('update notifications set seen_at = now() where user_id = $1', [world.operator.id])],
    ['another operator accepted', 'CLAIMED', () => acceptHandoff(database, world.secondOperator.principal, { handoffId })],
    ['the visitor cancelled', 'ENDED', () => cancelHandoff(database, world.visitor.principal, { handoffId })],
  ];
  it.each(changes)('is skipped when meanwhile %s', async (_situation, reason, change) => {
    const deliveryId = await alertOperator();
    await change();
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'SKIPPED', detail: reason, sent: false });
    expect(mailsTo(world.operator.row.email)).toBe(0);
  });

  it('to a browser that was unregistered is skipped', async () => {
    const subscriptionId = await choosePush();
    const deliveryId = await alertOperator('PUSH');
    await source.query('delete from push_subscriptions where id = $1', [subscriptionId]);
    await send(deliveryId);
    expect(await row(deliveryId)).toMatchObject({ state: 'SKIPPED', detail: 'NO_PUSH_SUBSCRIPTION' });
  });
});

describe('the answer to an inquiry', () => {
  it('promise 11: is mailed to the address that the visitor left, under the brand, and can be replied to', async () => {
    await source.query(`update workspaces set branding = '{"supportEmail": "help@partner.example"}' where id = $1`, [world.workspace.id]);
    await cancelHandoff(database, world.visitor.principal, { handoffId });
    const address = `vera.${world.workspace.slug}@example.com`;
    const question = { conversationId: world.conversation.id, email: address, name: 'Vera V', text: 'Where is it?', idempotencyKey: 'i' };
    const inquiry = (await submitInquiry(database, world.visitor.principal, question)).value!;
    await answerInquiry(database, world.operator.principal, { inquiryId: inquiry.id, text: 'At the depot.', idempotencyKey: 'a' });
    const [delivery] = await source.query<{ id: string }[]>(
      'select id from deliveries where workspace_id = $1 and inquiry_answer_id is not null',
      [world.workspace.id],
    );
    await send(delivery!.id);
    const received = await inbox.waitForMail(({ envelope }) => envelope.to.includes(address));
    expect(received.subject).toBe('Your question to client');
    expect(received.text).toContain('At the depot.');
    expect(received.text).toContain('Where is it?');
    expect(received.replyTo?.value).toEqual([{ name: 'client', address: 'help@partner.example' }]);
    expect(received.headers.has('auto-submitted')).toBe(false);
    expect(await row(delivery!.id)).toMatchObject({ state: 'SENT', attempts: 1 });
  });
});

/** Dies at the statement that records the result. */
function diesAtRecord(): (sql: string, parameters: unknown[]) => Promise<unknown> {
  return async (sql, parameters) => {
    if (sql.includes('set state =')) throw new Error('The process died.');
    return source.query(sql, parameters);
  };
}
