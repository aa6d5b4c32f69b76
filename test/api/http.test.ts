import { Agent as HttpAgent, get } from 'node:http';
import { once } from 'node:events';
import { Client } from 'pg';
import { type TestApi, startTestApi } from '../support/api';
import { superuserUrl } from '../support/test-database';
import { Caller, type GraphqlResponse } from '../support/api-client';
import { addScene, eventually, type Scene, startScene } from './scene';

let scene: Scene;
let production: TestApi;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  const env = { NODE_ENV: 'production', BATON_ALLOWED_ORIGINS: 'https://dashboard.example.com' };
  production = await startTestApi({ withWorker: false, env });
});
afterAll(() => Promise.all([scene.api.stop(), production.stop()]));

const at = (api: TestApi, path: string): string => new URL(path, api.url).href;
const JSON_TYPE = { 'content-type': 'application/json' };

async function send(
  init: RequestInit,
  query = '',
  api = scene.api,
): Promise<{ status: number; body: GraphqlResponse }> {
  const response = await fetch(`${api.url}${query}`, { method: 'POST', headers: JSON_TYPE, ...init });
  return { status: response.status, body: (await response.json()) as GraphqlResponse };
}

const codeOf = ({ body }: { body: GraphqlResponse }): unknown => body.errors?.[0]?.extensions?.code;

describe('/graphql — requests that are none', () => {
  it('refuses a body that is no JSON with 400', async () => {
    const answer = await send({ body: '{"query": "{ viewer' });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('refuses a body over 256 KB with 413, whether or not it says its length', async () => {
    const body = JSON.stringify({ query: '{ viewer { __typename } }', padding: 'x'.repeat(300_000) });
    const answer = await send({ body });
    expect([answer.status, codeOf(answer)]).toEqual([413, 'BAD_REQUEST']);
    const stream = new Blob([body]).stream();
    const chunked = await send({ body: stream, duplex: 'half' });
    expect(chunked.status).toBe(413);
    expect((await send({ body: JSON.stringify({ query: '{ viewer { __typename } }' }) })).status).toBe(200);
  });

  it.each([
    ['no query', {}],
    ['a query that is no text', { query: 1 }],
    ['an empty query', { query: '' }],
    ['variables that are no object', { query: '{ viewer { __typename } }', variables: 'x' }],
    ['a list of operations', [{ query: '{ viewer { __typename } }' }]],
    ['null', null],
    ['a syntax error', { query: '{ viewer {' }],
    ['a field that does not exist', { query: '{ nothing }' }],
    ['an operation that is not there', { query: 'query A { viewer { __typename } }', operationName: 'B' }],
    [
      'a variable of the wrong type',
      { query: 'query($n: Int!) { notifications(first: $n) { unseenCount } }', variables: { n: 'x' } },
    ],
    ['a subscription', { query: 'subscription { notificationAdded { id } }' }],
  ])('refuses %s with 4xx, a code and a sentence', async (_name, body) => {
    const answer = await send({ body: JSON.stringify(body) });
    expect([400, 405]).toContain(answer.status);
    expect(answer.body).toEqual({ errors: [expect.objectContaining({ message: expect.any(String) })] });
    expect(codeOf(answer)).toMatch(
      /^(BAD_REQUEST|BAD_USER_INPUT|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|OPERATION_RESOLUTION_FAILURE)$/,
    );
    expect(JSON.stringify(answer.body)).not.toMatch(/stacktrace|node_modules|\.js:\d/);
  });

  it('refuses a document of endless tokens', async () => {
    const answer = await send({ body: JSON.stringify({ query: `{ ${'viewer { __typename } '.repeat(2000)} }` }) });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
  });

  it('refuses what a page of another site could send without asking first', async () => {
    const body = JSON.stringify({ query: '{ viewer { __typename } }' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await send({ headers: { 'content-type': type }, body });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    }
    const query = `?query=${encodeURIComponent('{ viewer { __typename } }')}`;
    expect((await send({ method: 'GET', headers: {} }, query)).status).toBe(400);
    const asked = await send({ method: 'GET', headers: { 'apollo-require-preflight': 'yes' } }, query);
    expect(asked).toEqual({ status: 200, body: { data: { viewer: null } } });
  });

  it('refuses a mutation by GET with 405', async () => {
    const query = `?query=${encodeURIComponent('mutation { signOut(input: {}) { userErrors { code } } }')}`;
    const response = await fetch(`${scene.api.url}${query}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(response.status).toBe(405);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('refuses %s with 405', async (method) => {
    const response = await fetch(scene.api.url, { method, headers: JSON_TYPE, body: '{}' });
    expect(response.status).toBe(405);
  });

  it.each(['/', '/graphq', '/graphql/x', '/favicon.ico', '//', '/%'])('answers 404 at %s', async (path) => {
    expect((await fetch(`${new URL(scene.api.url).origin}${path}`)).status).toBe(404);
  });
});

describe('origins — which pages may call', () => {
  const preflight = (api: TestApi, origin: string): Promise<Response> =>
    fetch(api.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('refuses a page of another origin, and its preflight, where origins are named', async () => {
    expect((await preflight(production, 'https://evil.example.com')).status).toBe(403);
    const headers = { ...JSON_TYPE, origin: 'https://evil.example.com' };
    const response = await fetch(production.url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets a named origin through, and any where none is named', async () => {
    for (const [api, origin] of [
      [production, 'https://dashboard.example.com'],
      [scene.api, 'https://shop.example.org'],
    ] as const) {
      const asked = await preflight(api, origin);
      expect(asked.status).toBe(204);
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
      expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
      expect(asked.headers.get('vary')).toContain('Origin');
      const headers = { ...JSON_TYPE, origin };
      const response = await fetch(api.url, { method: 'POST', headers, body: '{"query":"{ viewer { __typename } }"}' });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(await response.json()).toEqual({ data: { viewer: null } });
    }
  });
});

describe('errors — nothing of the inside gets out', () => {
  it('masks what went wrong with a request id, and neither SQL nor a stack', async () => {
    const { source } = scene.api;
    await source.query('alter table push_subscriptions rename to push_subscriptions_away');
    const response = await scene.people.operator.post('{ pushSubscriptions { id } }');
    await source.query('alter table push_subscriptions_away rename to push_subscriptions');
    const requestId = response.errors?.[0]?.extensions?.requestId;
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.errors).toEqual([
      {
        message: expect.stringContaining(String(requestId)),
        locations: [{ line: 1, column: 3 }],
        path: ['pushSubscriptions'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
      },
    ]);
    expect(JSON.stringify(response)).not.toMatch(/select|relation|push_subscriptions|stack|\.ts|\.js/i);
    expect(await scene.people.operator.ask('{ pushSubscriptions { id } }')).toEqual({ pushSubscriptions: [] });
  });

  it.each([
    ['both first and last', 'first: 1, last: 1'],
    ['first: 0', 'first: 0'],
    ['first: 101', 'first: 101'],
    ['last: -1', 'last: -1'],
    ['a cursor that is none', 'after: "x"'],
    ['a forged cursor', `after: "${Buffer.from(`["' or 1=1 --"]`).toString('base64url')}"`],
    ['a cursor of another list', `before: "${Buffer.from('["1","2"]').toString('base64url')}"`],
    ['a cursor with a NUL', 'after: "\\u0000"'],
  ])('answers BAD_USER_INPUT to a page with %s', async (_name, args) => {
    const { errors } = await scene.people.operator.post(`{ notifications(${args}) { nodes { id } } }`);
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })]);
  });

  it('takes the cursors that it gave, forwards and backwards, over every page', async () => {
    const { visitor } = await scene.visit();
    for (let n = 2; n <= 7; n += 1) await visitor.act('startConversation', { idempotencyKey: String(n) });
    interface Page {
      myConversations: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
    }
    const document = `query($first: Int!, $after: String) { myConversations(first: $first, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`;
    const all = await visitor.ask<Page>(document, { first: 100 });
    const paged: { id: string }[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Page = await visitor.ask<Page>(document, { first: 3, after });
      paged.push(...page.myConversations.nodes);
      ({ hasNextPage: more, endCursor: after } = page.myConversations.pageInfo);
    }
    expect(paged).toHaveLength(7);
    expect(paged).toEqual(all.myConversations.nodes);
  });

  it('hides the schema in production, and shows it elsewhere', async () => {
    const document = '{ __schema { queryType { name } } }';
    const hidden = await new Caller(production.url, null).post(document);
    expect(hidden.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(hidden.data).toBeUndefined();
    const suggested = await new Caller(production.url, null).post('{ viewerr { __typename } }');
    expect(JSON.stringify(suggested)).not.toContain('Did you mean');
    expect((await fetch(at(production, '/explorer'))).status).toBe(404);
    expect(await scene.nobody.ask(document)).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });
});

describe('health — /healthz and /readyz', () => {
  const statuses = async (api: TestApi): Promise<number[]> =>
    Promise.all(['/healthz', '/readyz'].map(async (path) => (await fetch(at(api, path))).status));

  it('is alive but not ready while the database is away, and ready again when it is back', async () => {
    const { pathname } = new URL(production.databaseUrl);
    const admin = new Client({ connectionString: superuserUrl() });
    await admin.connect();
    const allow = (isAllowed: boolean): Promise<unknown> =>
      admin.query(`alter database ${pathname.slice(1)} allow_connections ${String(isAllowed)}`);
    try {
      expect(await statuses(production)).toEqual([200, 200]);
      await allow(false);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
        pathname.slice(1),
      ]);
      await eventually(
        () => statuses(production),
        ([alive, isReady]) => alive === 200 && isReady === 503,
      );
      const { errors } = await new Caller(production.url, null)
        .as(scene.people.operator.token)
        .post('{ viewer { __typename } }');
      expect(JSON.stringify(errors)).not.toMatch(/postgres|database|connection/i);
    } finally {
      await allow(true);
      await admin.end();
    }
    await eventually(
      () => statuses(production),
      ([alive, isReady]) => alive === 200 && isReady === 200,
    );
    const back = await addScene(production);
    const { visitor, conversationId } = await back.visit();
    await visitor.act('sendMessage', { conversationId, clientNonce: 'n', text: 'Everything works again.' });
  });

  it('takes no more requests once it stops, and lets a running one finish', async () => {
    const second = await scene.api.startSecond();
    const agent = new HttpAgent({ keepAlive: true });
    const started = get(second.url.replace('/graphql', '/readyz'), { agent });
    const [response] = (await once(started, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
    await second.stop();
    await expect(fetch(second.url.replace('/graphql', '/readyz'))).rejects.toThrow('fetch failed');
    agent.destroy();
  });
});
