import {
  createPushSender,
  type PushOptions,
  type PushSender,
  type PushTarget,
} from '../../../src/delivery/push/push-sender';
import { generateVapidKeys } from '../../../src/delivery/push/push-keys';
import { createOutgoing, type Outgoing } from '../../../src/outgoing/outgoing';
import { OutgoingAbortedError } from '../../../src/outgoing/outgoing-errors';
import { startPushEndpoint, type PushAnswer, type PushEndpoint } from '../../support/push-endpoint';

const vapid = { ...generateVapidKeys(), subject: 'mailto:ops@baton.test' };
const loopback = createOutgoing({ allowLoopback: true });
const payload = {
  title: 'Vera waits',
  body: 'Grüezi 👋',
  tag: 'conversation-1',
  url: 'https://dash.test/c/1',
  kind: 'HANDOFF_REQUESTED',
};
const options: PushOptions = { topic: 'conversation-1', urgency: 'high', ttlSeconds: 120 };
const NOW = new Date('2030-05-06T07:08:09Z');

let endpoint: PushEndpoint;
let sender: PushSender;
let subscription: PushTarget;

beforeEach(async () => {
  endpoint = await startPushEndpoint();
  sender = createPushSender({ vapid, outgoing: loopback, now: () => NOW });
  subscription = endpoint.createSubscription(vapid.publicKey);
});

afterEach(() => endpoint.stop());

describe('createPushSender', () => {
  test('refuses a public key of another pair, and a subject that is no URL', () => {
    const other = generateVapidKeys();
    expect(() => createPushSender({ vapid: { ...vapid, publicKey: other.publicKey }, outgoing: loopback })).toThrow(
      /VAPID/,
    );
    expect(() => createPushSender({ vapid: { ...vapid, privateKey: 'short' }, outgoing: loopback })).toThrow(/VAPID/);
    expect(() => createPushSender({ vapid: { ...vapid, subject: 'ops@baton.test' }, outgoing: loopback })).toThrow(
      /subject/i,
    );
  });
});

describe('push, what never leaves', () => {
  test('an endpoint on loopback fails where loopback is not allowed', async () => {
    const strict = createPushSender({ vapid, outgoing: createOutgoing({ allowLoopback: false }) });
    const result = await strict.send(subscription, payload, options);
    expect(result).toEqual({ outcome: 'FAILED', status: null, detail: expect.any(String) });
    expect(endpoint.received).toHaveLength(0);
  });

  test.each<[string, Partial<PushTarget>]>([
    ['an endpoint that is no URL', { endpoint: 'hello' }],
    ['an endpoint in a private network', { endpoint: 'https://10.0.0.1/push' }],
    ['an empty key', { p256dh: '' }],
    ['a short secret', { auth: 'AAAA' }],
  ])('%s fails', async (_kind, changes) => {
    const result = await sender.send({ ...subscription, ...changes }, payload, options);
    expect(result).toMatchObject({ outcome: 'FAILED', status: null });
    expect(endpoint.received).toHaveLength(0);
  });
});

describe('push, answers of the push service', () => {
  const date = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toUTCString();
  test.each<[string, PushAnswer, object]>([
    ['404', { status: 404 }, { outcome: 'GONE', status: 404 }],
    ['410', { status: 410 }, { outcome: 'GONE', status: 410 }],
    [
      '429 with seconds',
      { status: 429, headers: { 'retry-after': '7' } },
      { outcome: 'RETRY', retryAfterMs: 7_000, status: 429 },
    ],
    [
      '429 with a date',
      { status: 429, headers: { 'retry-after': date(90) } },
      { outcome: 'RETRY', retryAfterMs: 90_000, status: 429 },
    ],
    ['429 alone', { status: 429 }, { outcome: 'RETRY', retryAfterMs: null, status: 429 }],
    ['500', { status: 500 }, { outcome: 'RETRY', retryAfterMs: null, status: 500 }],
    [
      '503 with seconds',
      { status: 503, headers: { 'retry-after': '120' } },
      { outcome: 'RETRY', retryAfterMs: 120_000, status: 503 },
    ],
    ['400', { status: 400 }, { outcome: 'FAILED', status: 400, detail: 'The push service answered 400.' }],
    ['403', { status: 403 }, { outcome: 'FAILED', status: 403, detail: 'The push service answered 403.' }],
    ['413', { status: 413 }, { outcome: 'FAILED', status: 413, detail: 'The push service answered 413.' }],
    [
      'a redirect',
      { status: 307, headers: { location: '/push/other' } },
      { outcome: 'FAILED', status: 307, detail: 'The push service answered 307.' },
    ],
    ['200', { status: 200 }, { outcome: 'SENT' }],
    ['201 with a longer text than we read', { status: 201, body: 'x'.repeat(100_000) }, { outcome: 'SENT' }],
    [
      '410 with a longer text than we read',
      { status: 410, body: 'x'.repeat(100_000) },
      { outcome: 'GONE', status: 410 },
    ],
  ])('%s', async (_kind, answer, expected) => {
    endpoint.answerNext(answer);
    expect(await sender.send(subscription, payload, options)).toEqual(expected);
    expect(endpoint.received).toHaveLength(1);
  });

  test('a service that never answers is tried again later', async () => {
    const hasty: Outgoing = { ...loopback, request: (target) => loopback.request({ ...target, timeoutMs: 100 }) };
    endpoint.answerNext('NEVER');
    const result = await createPushSender({ vapid, outgoing: hasty }).send(subscription, payload, options);
    expect(result).toEqual({ outcome: 'RETRY', retryAfterMs: null, status: null });
    expect(endpoint.received).toHaveLength(1);
  });

  test('a service that is down is tried again later', async () => {
    await endpoint.stop();
    const result = await sender.send(subscription, payload, options);
    expect(result).toEqual({ outcome: 'RETRY', retryAfterMs: null, status: null });
    endpoint = await startPushEndpoint();
  });

  test('the caller can give up', async () => {
    const controller = new AbortController();
    endpoint.answerNext('NEVER');
    const sending = sender.send(subscription, payload, { ...options, signal: controller.signal });
    await endpoint.waitForPush();
    controller.abort();
    await expect(sending).rejects.toThrow(OutgoingAbortedError);
  });
});

describe('push, what the browser gets', () => {
  test('the payload decrypts, VAPID verifies, the headers are as asked', async () => {
    expect(await sender.send(subscription, payload, options)).toEqual({ outcome: 'SENT' });
    const push = await endpoint.waitForPush();
    expect(push).toMatchObject({
      endpoint: subscription.endpoint,
      payload,
      topic: 'conversation-1',
      urgency: 'high',
      ttl: 120,
    });
    expect(push.vapid).toMatchObject({ valid: true, publicKey: vapid.publicKey, subject: 'mailto:ops@baton.test' });
  });

  test('each browser can open its own push alone, and a foreign server key is not valid', async () => {
    const other = createPushSender({ vapid: { ...generateVapidKeys(), subject: vapid.subject }, outgoing: loopback });
    await other.send(subscription, payload, options);
    expect((await endpoint.waitForPush()).vapid?.valid).toBe(false);
    const stranger = endpoint.createSubscription();
    const mixed = { ...subscription, p256dh: stranger.p256dh };
    expect(await sender.send(mixed, payload, options)).toMatchObject({ outcome: 'FAILED', status: 400 });
  });

  test('a long body arrives cut, inside what push services take', async () => {
    await sender.send(subscription, { ...payload, body: '👋é"\n'.repeat(3000) }, options);
    const push = await endpoint.waitForPush();
    expect(push.payload['body']).toMatch(/^(?:👋é"\n)+[👋é"]*…$/u);
    expect(push.bytes).toBeLessThanOrEqual(4096);
    expect(push.bytes).toBeGreaterThan(3900);
  });

  test('a topic that is too long or holds other characters is hashed, always to the same value', async () => {
    const topic = 'conversation/0190b0c4-7a53-7d6c-9d1c-1c6cf7d6f2aa';
    await sender.send(subscription, payload, { ...options, topic });
    await sender.send(subscription, payload, { ...options, topic });
    const topics = endpoint.received.map((push) => push.topic);
    expect(topics[0]).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(topics[1]).toBe(topics[0]);
  });
});
