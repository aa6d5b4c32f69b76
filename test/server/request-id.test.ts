import { randomUUID } from 'node:crypto';
import { encodePublicId } from '../../src/domain/public-id';
import { createLogger } from '../../src/process/logger';
import { openRaw } from '../realtime/socket-support';
import { until } from '../realtime/support';
import { startTestApi, type TestApi } from '../support/api';
import type { GraphqlResponse } from '../support/api-client';
import { createWorld, type World } from '../support/world';

const lines: Record<string, unknown>[] = [];
const log = createLogger(
  { logLevel: 'info' },
  { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);

let api: TestApi;
/** The same, behind a proxy that it believes. */
let proxied: Awaited<ReturnType<TestApi['startSecond']>>;
let world: World;
beforeAll(async () => {
  api = await startTestApi({ log, withWorker: false });
  proxied = await api.startSecond({ BATON_TRUST_PROXY: '127.0.0.0/8' });
  world = await createWorld(api.source);
});
afterAll(async () => {
  await proxied.stop();
  await api.stop();
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function post(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ id: string; answer: GraphqlResponse }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.visitor.token}`, ...headers },
    body: JSON.stringify({
      query: 'query ($id: ID!) { node(id: $id) { id } }',
      variables: { id: encodePublicId('conversation', world.conversation.id) },
    }),
  });
  return { id: response.headers.get('x-request-id') ?? '', answer: (await response.json()) as GraphqlResponse };
}

/** While `work` runs, whatever reads the table fails on our side. */
async function without<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  await api.source.query(`alter table ${table} rename to ${table}_away`);
  try {
    return await work();
  } finally {
    await api.source.query(`alter table ${table}_away rename to ${table}`);
  }
}

const failureNamed = (requestId: string): unknown => ({
  message: expect.stringContaining(requestId),
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
});
const linesOf = (id: string): unknown[] => lines.filter(({ requestId }) => requestId === id);

describe('the id of a request', () => {
  it('is in every answer, and another one each time', async () => {
    const ids = [await post(api.url), await post(api.url)].map(({ id }) => id);
    ids.push((await fetch(new URL('/healthz', api.url))).headers.get('x-request-id') ?? '');
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(3);
  });

  it('is that of a proxy of ours, when it is well formed, and of nobody else', async () => {
    const given = `edge-${randomUUID()}`;
    expect((await post(proxied.url, { 'x-request-id': given })).id).toBe(given);
    expect((await post(api.url, { 'x-request-id': given })).id).toMatch(UUID);
    for (const bad of ['short', 'a'.repeat(129), 'two words of it', '"quoted-id"']) {
      expect((await post(proxied.url, { 'x-request-id': bad })).id).toMatch(UUID);
    }
  });

  it('is what the answer and the log name a failure by', async () => {
    const given = `edge-${randomUUID()}`;
    const { answer } = await without('conversations', () => post(proxied.url, { 'x-request-id': given }));
    expect(answer.errors).toEqual([expect.objectContaining(failureNamed(given))]);
    expect(linesOf(given)).toEqual([expect.objectContaining({ msg: 'a request failed', level: 50 })]);
  });

  it('is each failure’s own while many fail at once', async () => {
    const failed = await without('conversations', () => Promise.all(Array.from({ length: 8 }, () => post(api.url))));
    for (const { id, answer } of failed) {
      expect(answer.errors).toEqual([expect.objectContaining(failureNamed(id))]);
      expect(linesOf(id)).toHaveLength(1);
    }
  });

  it('is what a failure to find out who is asking is named by', async () => {
    const { id, answer } = await without('visitor_sessions', () => post(api.url));
    expect(answer.errors).toEqual([expect.objectContaining(failureNamed(id))]);
    expect(linesOf(id)).toEqual([expect.objectContaining({ msg: 'a request failed', level: 50 })]);
  });

  it('is that of the socket and the operation on a socket', async () => {
    const socket = await openRaw(api.url.replace('http', 'ws'));
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${world.visitor.token}` } });
    await until('acknowledgement', () => socket.received.some(({ type }) => type === 'connection_ack'));
    const answered = (id: string): unknown[] =>
      socket.received.flatMap((message) =>
        message.type === 'next' && message.id === id ? ((message.payload as GraphqlResponse).errors ?? []) : [],
      );
    const query = 'subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }';
    const variables = { id: encodePublicId('conversation', world.conversation.id) };
    await without('conversations', async () => {
      for (const id of ['first', 'second "or" other']) {
        socket.send({ type: 'subscribe', id, payload: { query, variables } });
        await until('the error', () => answered(id).length > 0);
      }
    });
    socket.socket.close();
    const failures = lines.filter(({ requestId }) => /\/(first|second)$/.test(String(requestId)));
    const ids = failures.map(({ requestId }) => String(requestId));
    expect(ids).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\/first$/),
      expect.stringMatching(/^[0-9a-f]{32}\/second$/),
    ]);
    expect(new Set(ids.map((id) => id.split('/')[0])).size).toBe(1);
    expect([answered('first'), answered('second "or" other')]).toEqual(
      ids.map((id) => [expect.objectContaining(failureNamed(id))]),
    );
  });

  it('is the only thing of a request that log lines hold', () => {
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain(world.visitor.token);
  });
});
