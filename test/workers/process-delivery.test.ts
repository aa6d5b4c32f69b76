import { cancelHandoff } from '../../src/commands/conversation/cancel-handoff';
import { answerInquiry } from '../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { newId } from '../../src/database/ids';
import { MailDeferred } from '../../src/delivery/mail/mail-errors';
import { encodePublicId } from '../../src/domain/public-id';
import { claimDelivery } from '../../src/workers/delivery-rows';
import { processDelivery } from '../../src/workers/process-delivery';
import { watchedSource } from '../support/watched-source';
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

describe('a delivery', () => {
  it('of another workspace is not found', async () => {
    const deliveryId = await bench.alertOperator();
    await processDelivery({ deliveryId, workspaceId: newId() }, bench.dependencies);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 0 });
  });

  it('sends the e-mail under the brand of the organization, with a stable Message-ID and a link', async () => {
    await bench.source.query(`update organizations set branding = '{"displayName": "Client Ltd"}' where id = $1`, [
      bench.world.organization.id,
    ]);
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    const received = await bench.inbox.waitForMail(({ envelope }) =>
      envelope.to.includes(bench.world.operator.row.email),
    );
    expect(received.messageId).toBe(`<${encodePublicId('delivery', deliveryId)}@baton.example>`);
    expect(received.from?.value).toEqual([{ name: 'Client Ltd', address: 'no-reply@baton.example' }]);
    expect(received.subject).toBe('Vera asks for a person');
    expect(received.text).toContain('A broken parcel');
    expect(received.text).toContain(
      `https://dashboard.example/conversations/${encodePublicId('conversation', bench.world.conversation.id)}`,
    );
    expect(received.headers.get('auto-submitted')).toBe('auto-generated');
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1, sent: true });
  });

  it('taken by many at once sends one mail', async () => {
    const deliveryId = await bench.alertOperator();
    await Promise.all(Array.from({ length: 8 }, () => bench.send(deliveryId)));
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(1);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it('that was sent is not sent again', async () => {
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(1);
  });

  it('whose process dies between sending and recording is sent once more, with the same Message-ID', async () => {
    const deliveryId = await bench.alertOperator();
    const dying = watchedSource(bench.source, diesAtRecord);
    await expect(bench.send(deliveryId, { source: dying })).rejects.toThrow('The process died.');
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1 });
    await bench.send(deliveryId);
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(1);

    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    const copies = bench.inbox.mails.filter(({ envelope }) => envelope.to.includes(bench.world.operator.row.email));
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 2 });
  });

  it('whose first taker was too slow is left to the second one, whatever the first one reports', async () => {
    const deliveryId = await bench.alertOperator();
    const slow = {
      send: async () => {
        await bench.makeDue(deliveryId);
        await claimDelivery(bench.source, { deliveryId, workspaceId: bench.world.workspace.id });
        throw new MailDeferred('It took too long.');
      },
    };
    await bench.send(deliveryId, { mail: slow });
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 2, detail: null, wait: 60 });
  });

  it('that the mail server refuses for good fails with its words', async () => {
    const deliveryId = await bench.alertOperator();
    bench.inbox.failNext({ kind: 'reject', at: 'RCPT', code: 550, message: 'no such person' });
    await bench.send(deliveryId);
    const failed = await bench.row(deliveryId);
    expect(failed).toMatchObject({ state: 'FAILED', attempts: 1, sent: false });
    expect(failed.detail).toContain('no such person');
    expect(bench.added).toEqual([]);
  });

  it('that the mail server puts off is tried again later, and six times at most', async () => {
    const deliveryId = await bench.alertOperator();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      bench.inbox.failNext({ kind: 'reject', at: 'RCPT', code: 451 });
      await bench.send(deliveryId);
      const pending = await bench.row(deliveryId);
      expect(pending).toMatchObject({ state: 'PENDING', attempts: attempt });
      waits.push(pending.wait);
      await bench.makeDue(deliveryId);
    }
    expect(waits).toEqual([10, 30, 120, 300, 900]);
    expect(bench.added.map(({ delayMs, ...job }) => ('round' in job ? [job.round, delayMs] : job))).toEqual([
      [1, 10_000],
      [2, 30_000],
      [3, 120_000],
      [4, 300_000],
      [5, 900_000],
    ]);
    bench.inbox.failNext({ kind: 'reject', at: 'RCPT', code: 451 });
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'FAILED', attempts: 6 });
    expect(bench.mailsTo(bench.world.operator.row.email)).toBe(0);
  });

  it('reaches a browser with the words of the notification, under one topic for each request', async () => {
    await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    await bench.send(deliveryId);
    const push = await bench.browsers.waitForPush(({ payload }) => String(payload.tag).includes(bench.handoffId));
    expect(push.payload).toMatchObject({
      title: 'Vera asks for a person',
      body: 'A broken parcel',
      kind: 'HANDOFF_REQUESTED',
    });
    expect(push.topic).toMatch(/^[\w-]{1,32}$/);
    expect(push.vapid).not.toBeNull();
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it.each([404, 410])('that a push service answers with %i deletes the subscription', async (status) => {
    const subscriptionId = await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    bench.browsers.answerNext({ status });
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'FAILED', detail: 'SUBSCRIPTION_GONE' });
    expect(await bench.source.query('select id from push_subscriptions where id = $1', [subscriptionId])).toEqual([]);
  });

  it('that a push service puts off waits as long as it asks for', async () => {
    await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    bench.browsers.answerNext({ status: 429, headers: { 'retry-after': '100' } }, { status: 500 });
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1, wait: 100 });
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 2, wait: 30 });
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 3 });
  });

  it('that a push service refuses for good fails and keeps the subscription', async () => {
    const subscriptionId = await bench.choosePush();
    const deliveryId = await bench.alertOperator('PUSH');
    bench.browsers.answerNext({ status: 400 });
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'FAILED', attempts: 1 });
    expect(await bench.source.query('select id from push_subscriptions where id = $1', [subscriptionId])).toHaveLength(
      1,
    );
  });
});

describe('the answer to an inquiry', () => {
  it('promise 11: is mailed to the address that the visitor left, under the brand, and can be replied to', async () => {
    await bench.source.query(
      `update workspaces set branding = '{"supportEmail": "help@partner.example"}' where id = $1`,
      [bench.world.workspace.id],
    );
    await cancelHandoff(bench.database, bench.world.visitor.principal, { handoffId: bench.handoffId });
    const address = `vera.${bench.world.workspace.slug}@example.com`;
    const question = {
      conversationId: bench.world.conversation.id,
      email: address,
      name: 'Vera V',
      text: 'Where is it?',
      idempotencyKey: 'i',
    };
    const inquiry = (await submitInquiry(bench.database, bench.world.visitor.principal, question)).value!;
    await answerInquiry(bench.database, bench.world.operator.principal, {
      inquiryId: inquiry.id,
      text: 'At the depot.',
      idempotencyKey: 'a',
    });
    const [delivery] = await bench.source.query<{ id: string }[]>(
      'select id from deliveries where workspace_id = $1 and inquiry_answer_id is not null',
      [bench.world.workspace.id],
    );
    await bench.send(delivery!.id);
    const received = await bench.inbox.waitForMail(({ envelope }) => envelope.to.includes(address));
    expect(received.subject).toBe('Your question to client');
    expect(received.text).toContain('At the depot.');
    expect(received.text).toContain('Where is it?');
    expect(received.replyTo?.value).toEqual([{ name: 'client', address: 'help@partner.example' }]);
    expect(received.headers.has('auto-submitted')).toBe(false);
    expect(await bench.row(delivery!.id)).toMatchObject({ state: 'SENT', attempts: 1 });
  });
});

/** Dies at the statement that records the result. */
function diesAtRecord(sql: string): void {
  if (sql.includes('set state =')) throw new Error('The process died.');
}
