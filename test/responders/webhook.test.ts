import { createHmac } from 'node:crypto';
import { createOutgoing } from '../../src/outgoing/outgoing';
import type { Responder } from '../../src/responders/responder';
import { signWebhook } from '../../src/responders/webhook-signature';
import { createWebhookResponder, type WebhookOptions } from '../../src/responders/webhook';
import { CUT, HANG, startWebhookServer, type WebhookServer } from '../support/webhook-server';
import { recordingContext, REFUSED, turnOf } from './turns';

const SECRET = `whsec_${Buffer.from('a key of exactly 32 bytes length').toString('base64')}`;
let server: WebhookServer;

beforeEach(async () => {
  server = await startWebhookServer({ secret: SECRET });
});
afterEach(() => server.close());

function responder(options: Partial<WebhookOptions> = {}): Responder {
  return createWebhookResponder({
    url: server.url,
    secret: SECRET,
    request: createOutgoing({ allowLoopback: true }).request,
    ...options,
  });
}

const question = turnOf(
  [
    ['AI', 'Hello!'],
    ['VISITOR', 'Is the shop open? ☕'],
  ],
  { brief: 'She is a regular.' },
);

describe('webhook responder, failures', () => {
  test('an address that is not permitted is not called', async () => {
    const outcome = await responder({ request: createOutgoing({ allowLoopback: false }).request }).respond(
      question,
      recordingContext(),
    );
    expect(outcome).toMatchObject({ kind: 'FAILED', retryable: false });
    expect(server.deliveries).toHaveLength(0);
  });

  test.each([
    [302, false],
    [400, false],
    [401, false],
    [410, false],
    [201, false],
    [429, true],
    [500, true],
    [503, true],
  ])('status %i fails with retryable %s after a single request', async (status, retryable) => {
    server.byDefault({
      status,
      body: { reply: 'not to be used' },
      headers: status === 302 ? { location: server.url } : {},
    });
    expect(await responder().respond(question, recordingContext())).toEqual({
      kind: 'FAILED',
      retryable,
      detail: `The webhook answered ${String(status)}.`,
    });
    expect(server.deliveries).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'OK'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a misspelt field', { answer: 'Yes' }],
    ['a blank reply', { reply: ' ' }],
    ['a reply that is no text', { reply: 5 }],
    ['a request that is no object', { requestHuman: true }],
  ])('a body with %s fails for good', async (_, body) => {
    server.answer({ status: 200, body });
    expect(await responder().respond(question, recordingContext())).toMatchObject({ kind: 'FAILED', retryable: false });
  });

  test('a body over 64 KiB fails for good', async () => {
    server.answer({ status: 200, body: { reply: 'x'.repeat(70_000) } });
    expect(await responder().respond(question, recordingContext())).toMatchObject({ kind: 'FAILED', retryable: false });
  });

  test('a connection that is cut fails retryably', async () => {
    server.answer(CUT);
    expect(await responder().respond(question, recordingContext())).toMatchObject({ kind: 'FAILED', retryable: true });
  });

  test('a server that hangs fails retryably, and the connection is closed', async () => {
    server.answer(HANG);
    expect(await responder({ timeoutMs: 300 }).respond(question, recordingContext())).toMatchObject({
      kind: 'FAILED',
      retryable: true,
    });
    expect(await (await server.received(1)).closedByClient).toBe(true);
  });

  test('aborted while it waits: rejects with the reason and closes the connection', async () => {
    server.answer(HANG);
    const context = recordingContext();
    const responding = responder().respond(question, context);
    const delivery = await server.received(1);
    const reason = new Error('taken over');
    context.abort(reason);
    await expect(responding).rejects.toBe(reason);
    expect(await delivery.closedByClient).toBe(true);
  });

  test('aborted before it began: sends nothing', async () => {
    const context = recordingContext();
    const reason = new Error('taken over');
    context.abort(reason);
    await expect(responder().respond(question, context)).rejects.toBe(reason);
    expect(server.deliveries).toHaveLength(0);
  });
});

describe('webhook responder, the request', () => {
  test('carries the turn as JSON, signed, with the turn’s id', async () => {
    server.answer({ status: 200, body: { reply: 'Yes' } });
    await responder().respond(question, recordingContext());
    const delivery = await server.received(1);
    expect(delivery.signatureIsValid).toBe(true);
    expect(delivery.method).toBe('POST');
    expect(delivery.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'turn_1' });
    expect(delivery.body).toEqual({
      type: 'agent_turn.created',
      timestamp: '2026-01-01T12:01:00.000Z',
      data: {
        turnId: 'turn_1',
        conversationId: 'conv_1',
        controlEpoch: 7,
        agent: { id: 'agent_1', displayName: 'Nova', instructions: 'Sell tea.' },
        visitor: { displayName: 'Ada', locale: 'en-GB' },
        brief: 'She is a regular.',
        mayRequestHuman: true,
        message: {
          id: 'msg_2',
          sequence: 2,
          authorKind: 'VISITOR',
          authorName: null,
          text: 'Is the shop open? ☕',
          createdAt: '2026-01-01T12:01:00.000Z',
        },
        transcript: [
          {
            id: 'msg_1',
            sequence: 1,
            authorKind: 'AI',
            authorName: null,
            text: 'Hello!',
            createdAt: '2026-01-01T12:00:00.000Z',
          },
          {
            id: 'msg_2',
            sequence: 2,
            authorKind: 'VISITOR',
            authorName: null,
            text: 'Is the shop open? ☕',
            createdAt: '2026-01-01T12:01:00.000Z',
          },
        ],
      },
    });
  });

  test('signed with another secret is recognised as foreign', async () => {
    server.answer({ status: 200, body: { reply: 'Yes' } });
    await responder({ secret: 'another secret' }).respond(question, recordingContext());
    expect((await server.received(1)).signatureIsValid).toBe(false);
  });
});

describe('webhook signature', () => {
  const delivery = { id: 'turn_1', sentAt: new Date('2026-01-01T12:00:00.900Z'), body: '{"text":"☕"}' };

  test.each([
    ['whsec_ with base64 stands for the decoded bytes', SECRET, Buffer.from('a key of exactly 32 bytes length')],
    ['whsec_ with anything else stands for its own bytes', 'whsec_not base64!', Buffer.from('whsec_not base64!')],
    ['whsec_ alone stands for its own bytes', 'whsec_', Buffer.from('whsec_')],
    ['any other string stands for its UTF-8 bytes', 'pässwörd ☕', Buffer.from('pässwörd ☕', 'utf8')],
  ])('%s', (_, secret, key) => {
    const headers = signWebhook(secret, delivery);
    const expected = createHmac('sha256', key).update('turn_1.1767268800.{"text":"☕"}').digest('base64');
    expect(headers).toEqual({
      'webhook-id': 'turn_1',
      'webhook-timestamp': '1767268800',
      'webhook-signature': `v1,${expected}`,
    });
  });
});

describe('webhook responder, answers', () => {
  test('a reply in the response is the reply', async () => {
    server.answer({ status: 200, body: { reply: ' Yes, until six. ', extra: 1 } });
    expect(await responder().respond(question, recordingContext())).toEqual({ kind: 'REPLY', text: 'Yes, until six.' });
  });

  test.each([
    [202, ''],
    [202, { reply: 'not to be used' }],
    [204, undefined],
    [200, {}],
  ])('status %i with %j means later', async (status, body) => {
    server.answer({ status, body });
    expect(await responder().respond(question, recordingContext())).toEqual({ kind: 'DEFERRED' });
  });

  test('a request for a person is made with reason and summary', async () => {
    server.answer({ status: 200, body: { requestHuman: { reason: 'Angry', summary: 'Cold tea' } } });
    const context = recordingContext();
    expect(await responder().respond(question, context)).toEqual({ kind: 'HUMAN_REQUESTED' });
    expect(context.humanRequests).toEqual([{ reason: 'Angry', summary: 'Cold tea' }]);
  });

  test('a refused request falls back on the reply beside it', async () => {
    server.answer({ status: 200, body: { requestHuman: {}, reply: 'Then I help.' } });
    const context = recordingContext(REFUSED);
    expect(await responder().respond(question, context)).toEqual({ kind: 'REPLY', text: 'Then I help.' });
    expect(context.humanRequests).toEqual([{ reason: null, summary: null }]);
  });

  test('a refused request without a reply beside it gets a plain one', async () => {
    server.answer({ status: 200, body: { requestHuman: {} } });
    const outcome = await responder().respond(question, recordingContext(REFUSED));
    expect(outcome).toMatchObject({ kind: 'REPLY', text: expect.stringContaining('AI assistant') as string });
  });

  test('a request by an AI that may not ask is not made', async () => {
    server.answer({ status: 200, body: { requestHuman: {}, reply: 'Then I help.' } });
    const context = recordingContext();
    const outcome = await responder().respond({ ...question, mayRequestHuman: false }, context);
    expect(outcome).toEqual({ kind: 'REPLY', text: 'Then I help.' });
    expect(context.humanRequests).toEqual([]);
  });
});
