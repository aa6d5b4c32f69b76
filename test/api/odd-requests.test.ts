import { gzipSync } from 'node:zlib';
import { type Caller, type GraphqlResponse } from '../support/api-client';
import { CONVERSATION_EVENTS, type EventView } from '../support/documents';
import { eventually, ready, type Scene, startScene, type Visit, write } from './scene';

let scene: Scene;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  scene = await startScene({ withWorker: false });
});
afterAll(async () => {
  await scene.api.stop();
  process.off('unhandledRejection', onUnhandled);
});

const VIEWER = '{ viewer { __typename } }';
const BODY = JSON.stringify({ query: VIEWER });
const JSON_TYPE = 'application/json';

async function send(
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: GraphqlResponse }> {
  const response = await fetch(scene.api.url, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, body: (await response.json()) as GraphqlResponse };
}

describe('bodies in odd encodings', () => {
  it.each<[string, Buffer | string, Record<string, string>, number]>([
    ['in UTF-16, and said so', Buffer.from(BODY, 'utf16le'), { 'content-type': `${JSON_TYPE}; charset=utf-16` }, 415],
    ['in UTF-16, and not said so', Buffer.from(`\ufeff${BODY}`, 'utf16le'), {}, 400],
    ['in Latin-1, and said so', BODY, { 'content-type': `${JSON_TYPE}; charset=iso-8859-1` }, 415],
    ['that are no UTF-8', Buffer.from('{"query":"\xff"}', 'latin1'), {}, 400],
    ['with an overlong slash', Buffer.from('{"query":"\xc0\xaf"}', 'latin1'), {}, 400],
    ['zipped', gzipSync(BODY), { 'content-encoding': 'gzip' }, 415],
    ['that unzip to 100 MB', gzipSync(Buffer.alloc(100_000_000)), { 'content-encoding': 'gzip' }, 415],
    ['zipped, and not said so', gzipSync(BODY), {}, 400],
    ['nested 100000 times', '['.repeat(100_000), {}, 400],
    ['nested and closed', '['.repeat(50_000) + ']'.repeat(50_000), {}, 400],
    ['of a number beyond all', `{"query":"${VIEWER}","variables":1e999}`, {}, 400],
  ])('%s are refused with a sentence', async (_name, body, headers, status) => {
    const answer = await send(body, headers);
    expect([answer.status, answer.body.errors?.[0]?.extensions?.code]).toEqual([status, 'BAD_REQUEST']);
    expect(answer.body.errors![0]!.message).toMatch(/^.{20,}$/);
  });

  it.each([
    ['with a byte order mark', `\ufeff${BODY}`, {}],
    ['in UTF-8, and said so', BODY, { 'content-type': `${JSON_TYPE}; charset="UTF-8"` }],
    ['with a key twice, of which the last counts', `{"query":"{ nothing }","query":"${VIEWER}"}`, {}],
  ])('%s are read', async (_name, body, headers) => {
    expect(await send(body, headers)).toEqual({ status: 200, body: { data: { viewer: null } } });
  });

  it('with __proto__ and constructor in them change no object but themselves', async () => {
    const evil = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const query = 'mutation($input: SignOutInput!) { signOut(input: $input) { userErrors { code } } }';
    const answer = await send(`{"query":"${query}","variables":{"input":${evil}},"__proto__":{"polluted":true}}`);
    expect([answer.status, answer.body.errors?.[0]?.extensions?.code]).toEqual([400, 'BAD_USER_INPUT']);
    const named = await send(`{"query":"query toString { viewer { __typename } }","operationName":"__proto__"}`);
    expect(named.status).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** Every read of the table fails while it is away. */
async function without<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  const { source } = scene.api;
  await source.query(`alter table ${table} rename to gone`);
  try {
    return await work();
  } finally {
    await source.query(`alter table gone rename to ${table}`);
  }
}

const MASKED = [
  {
    message: expect.stringMatching(/^Something went wrong on our side.*([0-9a-f-]{36}|[0-9a-f]{32}\/[\w.:-]*)$/),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      requestId: expect.stringMatching(/^([0-9a-f-]{36}|[0-9a-f]{32}\/[\w.:-]*)$/),
    },
  },
];

describe('what fails inside', () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await scene.visit();
  });
  afterEach(() => expect(unhandled).toEqual([]));

  const expectMasked = (errors: unknown): void => {
    expect(errors).toMatchObject(MASKED);
    expect(JSON.stringify(errors)).not.toMatch(/relation|select |gone|\.ts|\.js|stack/i);
  };

  it.each<[string, string, (caller: Caller) => Promise<GraphqlResponse>]>([
    ['the check of the credential', 'visitor_sessions', (caller) => caller.post(VIEWER)],
    ['a loader', 'conversations', (caller) => caller.post(`{ node(id: "${visit.conversationId}") { id } }`)],
    ['a list', 'conversations', (caller) => caller.post('{ myConversations { nodes { id } } }')],
    [
      'a field below',
      'messages',
      (caller) => caller.post('{ myConversations { nodes { messages(first: 1) { nodes { id } } } } }'),
    ],
    [
      'a command',
      'messages',
      (caller) =>
        caller.post('mutation($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }', {
          input: { conversationId: visit.conversationId, clientNonce: 'n', text: 'Hello' },
        }),
    ],
  ])('in %s is masked over HTTP, with a request id', async (_name, table, ask) => {
    const { errors } = await without(table, () => ask(visit.visitor));
    expectMasked(errors);
    expect((await ask(visit.visitor)).errors).toBeUndefined();
  });

  it('in `subscribe` is masked over the socket, with a request id', async () => {
    const errors = await without('conversations', async () => {
      const feed = visit.visitor.subscribe(CONVERSATION_EVENTS, { id: visit.conversationId });
      await feed.waitForError();
      await feed.stop();
      return feed.errors;
    });
    expectMasked(errors);
  });

  it('in the item of a stream is masked, with a request id, and the next item comes', async () => {
    const document = `subscription($id: ID!) { conversationEvents(conversationId: $id) { __typename
      ... on MessageAdded { message { text conversation { organization { name } } } } } }`;
    const { conversationId } = visit;
    const feed = await ready(scene.people.operator.subscribe<EventView>(document, { id: conversationId }));
    await without('organizations', async () => {
      await write(visit.visitor, conversationId, 'one');
      await eventually(
        () => Promise.resolve(feed.errors.length),
        (count) => count > 0,
      );
    });
    expectMasked(feed.errors);
    await write(visit.visitor, conversationId, 'two');
    await eventually(
      () => Promise.resolve(feed.items.map(({ message }) => message?.text)),
      (texts) => texts.includes('two'),
    );
    await feed.stop();
  });
});
