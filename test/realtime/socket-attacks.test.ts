import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type Frame, OPCODE, openRawSocket, type RawSocket } from './raw-frames';
import { GOOD_TOKEN, openAcknowledged, openRaw, startTestServer, type TestServer } from './socket-support';
import { range, until } from './support';

let database: TestDatabase;
let server: TestServer;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  database = await createTestDatabase();
  server = await startTestServer({ databaseUrl: database.url });
});
afterAll(async () => {
  await server.close();
  await database.drop();
  process.off('unhandledRejection', onUnhandled);
});

const INIT = JSON.stringify({ type: 'connection_init', payload: { authorization: GOOD_TOKEN } });
const text = (payload: Buffer | string): Frame => ({ opcode: OPCODE.text, payload });
const half = Math.floor(INIT.length / 2);
const acknowledged = (raw: RawSocket): Promise<unknown> =>
  until('acknowledgement', () => raw.texts.some((one) => one.includes('connection_ack')));

/** Whatever was done to it, it serves the next one. */
afterEach(async () => {
  const raw = await openAcknowledged(server);
  raw.socket.close();
  await raw.closed;
  expect(unhandled).toEqual([]);
});

describe('frames that no library sends', () => {
  it('takes a message in fragments, with a ping between them', async () => {
    const raw = await openRawSocket(server.url);
    raw.send(
      { opcode: OPCODE.text, payload: INIT.slice(0, half), isFinal: false },
      { opcode: OPCODE.ping, payload: 'still here' },
      { opcode: OPCODE.continuation, payload: INIT.slice(half) },
    );
    await acknowledged(raw);
    raw.destroy();
  });

  it('takes a frame byte by byte', async () => {
    const raw = await openRawSocket(server.url);
    const mask = Buffer.alloc(4);
    const bytes = Buffer.concat([Buffer.from([0x81, 0x80 | INIT.length]), mask, Buffer.from(INIT)]);
    expect(INIT.length).toBeLessThan(126);
    for (const byte of bytes) raw.write(Buffer.from([byte]));
    await acknowledged(raw);
    raw.destroy();
  });

  it.each<[string, Frame[], number]>([
    ['without a mask', [{ ...text(INIT), isMasked: false }], 1002],
    ['said to be compressed', [{ ...text(INIT), isReserved: true }], 1002],
    ['of a reserved opcode', [{ opcode: OPCODE.reserved, payload: INIT }], 1002],
    ['that go on with nothing', [{ opcode: OPCODE.continuation, payload: INIT }], 1002],
    ['that begin a second message within the first', [{ ...text(INIT), isFinal: false }, text(INIT)], 1002],
    ['that ping with more than 125 bytes', [{ opcode: OPCODE.ping, payload: 'x'.repeat(126) }], 1002],
    ['that ping in fragments', [{ opcode: OPCODE.ping, isFinal: false }], 1002],
    ['that close with half a code', [{ opcode: OPCODE.close, payload: 'x' }], 1002],
    ['that close with a code of nobody', [{ opcode: OPCODE.close, payload: Buffer.from([0x00, 0x01]) }], 1002],
    ['of text that is no UTF-8', [text(Buffer.from([0xc3, 0x28]))], 1007],
    ['that claim a terabyte', [{ ...text(''), claimedLength: 2 ** 40 }], 1009],
    ['that claim a byte too many', [{ ...text(''), claimedLength: 64 * 1024 + 1 }], 1009],
    [
      'that are small, and too large together',
      [
        { ...text('x'.repeat(60_000)), isFinal: false },
        { opcode: OPCODE.continuation, payload: 'x'.repeat(60_000) },
      ],
      1009,
    ],
    ['of binary data', [{ opcode: OPCODE.binary, payload: INIT }], 4400],
  ])('closes on frames %s', async (_name, frames, code) => {
    const raw = await openRawSocket(server.url);
    raw.send(...frames);
    expect(await raw.closed).toBe(code);
    expect(raw.texts).toEqual([]);
  });

  it('cuts a peer that sends more pings than it reads answers', async () => {
    const raw = await openRawSocket(server.url);
    raw.send(...range(1, 5000).map((n): Frame => ({ opcode: OPCODE.ping, payload: String(n) })));
    expect(await raw.closed).toBeNull();
  });

  it('forgets a peer that goes in the middle of a frame', async () => {
    const raw = await openRawSocket(server.url);
    raw.send(text(INIT));
    await acknowledged(raw);
    raw.send({ ...text('half'), claimedLength: 1000 });
    raw.destroy();
    await raw.closed;
    await until('gone', () => server.sockets.connections() === 0);
  });
});

describe('messages that no client sends', () => {
  it.each([
    ['of an unknown type', { type: 'next', id: '1', payload: {} }],
    ['of the older protocol', { type: 'start', id: '1', payload: { query: '{ ping }' } }],
    ['without a type', { id: '1' }],
    ['of no object', 7],
    ['of null', null],
    ['that subscribe under no id', { type: 'subscribe', payload: { query: '{ ping }' } }],
    ['that subscribe under an id of no text', { type: 'subscribe', id: { $ne: null }, payload: { query: '{ ping }' } }],
    ['that subscribe under an empty id', { type: 'subscribe', id: '', payload: { query: '{ ping }' } }],
    ['that subscribe to nothing', { type: 'subscribe', id: '1' }],
    ['with variables of no object', { type: 'subscribe', id: '1', payload: { query: '{ ping }', variables: 'x' } }],
    ['that complete no id', { type: 'complete' }],
  ])('closes with 4400 on messages %s', async (_name, message) => {
    const raw = await openAcknowledged(server);
    raw.socket.send(JSON.stringify(message));
    expect((await raw.closed).code).toBe(4400);
  });

  it('closes with 4400 on what is no JSON, and on JSON as deep as a frame is long', async () => {
    for (const payload of ['{"type":', '['.repeat(60_000), `{"type":"ping","payload":${'{"a":'.repeat(9000)}`]) {
      const raw = await openAcknowledged(server);
      raw.socket.send(payload);
      expect((await raw.closed).code).toBe(4400);
    }
  });

  it('closes with 4409 on a second stream under one id, and ignores the end of one that never was', async () => {
    const raw = await openAcknowledged(server);
    const payload = {
      query: 'subscription($id: ID!) { events(conversationId: $id) { cursor } }',
      variables: { id: randomUUID() },
    };
    raw.send({ type: 'complete', id: 'never' });
    raw.send({ type: 'subscribe', id: '1', payload });
    await until('READY', () => raw.received.some(({ type }) => type === 'next'));
    raw.send({ type: 'subscribe', id: '1', payload });
    expect((await raw.closed).code).toBe(4409);
  });

  it('bounds a flood of subscriptions in one burst to 100 streams, and none is left when it goes', async () => {
    const raw = await openAcknowledged(server);
    const conversationId = randomUUID();
    const query = `subscription { events(conversationId: "${conversationId}") { cursor } }`;
    for (const n of range(1, 1000)) raw.send({ type: 'subscribe', id: String(n), payload: { query } });
    const count = (type: string): number => raw.received.filter((one) => one.type === type).length;
    await until('an answer to each', () => count('next') + count('error') === 1000);
    expect([count('next'), count('error')]).toEqual([100, 900]);
    raw.socket.terminate();
    await until('all released', () => server.process.hub.events.of(`conversation:${conversationId}`).size === 0);
  });
});

describe('sockets that never say who they are', () => {
  it('are closed with 4408 when their time is over', async () => {
    const hasty = await startTestServer({ databaseUrl: database.url, server: { initWaitMs: 50 } });
    const raw = await openRaw(hasty.url);
    raw.send({ type: 'ping' });
    expect((await raw.closed).code).toBe(4408);
    await hasty.close();
  });

  it('are at most 100 from one address, and keep nobody else out for longer', async () => {
    const silent = await Promise.all(range(1, 100).map(() => openRaw(server.url)));
    await expect(openRaw(server.url)).rejects.toThrow('Unexpected server response: 429');
    silent[0]!.send(JSON.parse(INIT) as object);
    await until('acknowledgement', () => silent[0]!.received.length > 0);
    // Who has signed in is counted as a person, and makes room for the next one.
    const next = await openRaw(server.url);
    for (const { socket } of [...silent, next]) socket.terminate();
    await until('all gone', () => server.sockets.connections() === 0);
  });
});
