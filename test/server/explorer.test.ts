import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { buildSchema, parse, validate } from 'graphql';
import { createExplorer } from '../../src/server/explorer';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

const explorer = createExplorer({ graphqlPath: '/graphql', explorerPath: '/explorer' });
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (!explorer(request, response)) response.writeHead(418).end('not mine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** Sends the path as it is written here: fetch would resolve the dots before anything leaves. */
async function get(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const outgoing = httpRequest({ host: '127.0.0.1', port, path, method, headers }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

describe('the explorer refuses', () => {
  it.each([
    '/explorer/../package.json',
    '/explorer/../../package.json',
    '/explorer/..%2f..%2fpackage.json',
    '/explorer/%2e%2e/%2e%2e/package.json',
    '/explorer/..\\..\\package.json',
    '/explorer//etc/passwd',
    '/explorer/assets/../../index.js',
    '/explorer/media/./../main.js',
    '/explorer/main.js%00.html',
    '/explorer/assets',
    '/explorer/assets/',
    '/explorer/assets/i18n/README.md',
    '/explorer/index.html',
    '/explorer/iframe-sandbox/index.html',
    '/explorer/constructor',
    '/explorer/__proto__',
  ])('GET %s: there is no such file', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).toBe('Not found\n');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s, which it does not know', async (method) => {
    const answer = await get('/explorer', method);
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it.each(['/', '/graphql', '/explorers', '/explorer-2', '/EXPLORER', '/x/explorer', '/healthz'])(
    '%s is left to others',
    async (path) => {
      expect((await get(path)).status).toBe(418);
    },
  );
});

describe('the explorer page', () => {
  it.each(['/explorer', '/explorer/', '/explorer?tab=1'])('is served at %s, never cached', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.text).toContain('<base href="/explorer/">');
  });

  it('answers HEAD with the same headers and no body', async () => {
    const [head, whole] = [await get('/explorer', 'HEAD'), await get('/explorer')];
    expect(head.text).toBe('');
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
  });

  it('references its own files alone, and each of them is there', async () => {
    const { text } = await get('/explorer');
    const references = [...text.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(
      (match) => match[1]!,
    );
    expect(references.length).toBeGreaterThan(5);
    expect(references.filter((reference) => /^([a-z]+:)?\/\//i.test(reference))).toEqual([]);
    const statuses = await Promise.all(references.map(async (name) => (await get(`/explorer/${name}`)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('allows nothing from or to another host, no inline script and no frame around it', async () => {
    const policy = String((await get('/explorer')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toMatch(/connect-src 'self';/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).not.toMatch(/https?:|wss?:|\*|unsafe-eval/);
    expect((await get('/explorer')).text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  });
});

describe('the explorer files', () => {
  it.each([
    ['main.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['start.js', 'text/javascript; charset=utf-8', 'no-store'],
    ['styles.css', 'text/css; charset=utf-8', 'no-cache'],
    ['favicon.ico', 'image/x-icon', 'no-cache'],
    ['assets/img/logo_350.svg', 'image/svg+xml', 'no-cache'],
    ['assets/i18n/en-US.json', 'application/json; charset=utf-8', 'no-cache'],
    ['media/jetbrains-mono-latin-400-normal.woff2', 'font/woff2', 'no-cache'],
  ])('%s has the content type %s and may be cached: %s', async (name, contentType, cacheControl) => {
    const answer = await get(`/explorer/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': contentType, 'cache-control': cacheControl });
  });

  it('named by their content are cached for ever', async () => {
    const chunk = /chunk-[A-Z\d]{8}\.js/.exec((await get('/explorer')).text)![0];
    expect((await get(`/explorer/${chunk}`)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('that the browser already has are answered 304 without a body', async () => {
    const first = await get('/explorer/styles.css');
    const again = await get('/explorer/styles.css', 'GET', { 'If-None-Match': String(first.headers.etag) });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});

interface Tab {
  readonly initialQuery: string;
  readonly initialPostRequestScript: string;
  readonly initialSubscriptionsPayload: Record<string, string>;
  readonly initialSubscriptionRequestHandlerId: string;
  readonly endpointURL: string;
  readonly subscriptionsEndpoint: string;
}

describe.each([
  ['http://localhost:4000', 'ws://localhost:4000/graphql'],
  ['https://chat.example.com', 'wss://chat.example.com/graphql'],
])('the start script on a page from %s', (origin, socket) => {
  let tabs: readonly Tab[] = [];

  beforeAll(async () => {
    const { text } = await get('/explorer/start.js');
    const init = jest.fn<unknown, [{ initialWindows: Tab[] }]>();
    runInNewContext(text, { location: { origin }, AltairGraphQL: { init } });
    tabs = init.mock.calls[0]![0].initialWindows;
  });

  it('names the endpoint for HTTP and for sockets on the same host', () => {
    expect(new Set(tabs.map((tab) => tab.endpointURL))).toEqual(new Set([`${origin}/graphql`]));
    expect(new Set(tabs.map((tab) => tab.subscriptionsEndpoint))).toEqual(new Set([socket]));
  });

  it('speaks graphql-transport-ws on the socket, with the token as connectionParams.authorization', () => {
    for (const tab of tabs) {
      expect(tab.initialSubscriptionRequestHandlerId).toBe('graphql-ws');
      expect(tab.initialSubscriptionsPayload).toEqual({ authorization: 'Bearer {{token}}' });
    }
  });

  it.each([
    ['signIn', { signIn: { accessToken: 'abc' } }, 'abc'],
    ['startVisitorSession', { startVisitorSession: { visitorToken: 'def' } }, 'def'],
  ])('keeps the token of %s for sockets and as a header for HTTP', (_name, data, token) => {
    expect(environmentAfter({ data })).toEqual({ token, headers: { Authorization: `Bearer ${token}` } });
  });

  it.each([{ data: { signIn: { accessToken: null } } }, { data: null }, { errors: [] }])(
    'keeps no token after a refusal: %j',
    (body) => {
      expect(environmentAfter(body)).toEqual({});
    },
  );

  /** Runs the script that follows an answer of the first tab, as Altair would, and tells what it has kept. */
  function environmentAfter(body: object): Record<string, unknown> {
    const kept: Record<string, unknown> = {};
    const setEnvironment = (name: string, value: unknown) => Object.assign(kept, { [name]: value });
    const response = { body: JSON.stringify(body) };
    runInNewContext(tabs[0]!.initialPostRequestScript, { altair: { response, helpers: { setEnvironment } } });
    return kept;
  }

  it('offers operations that are valid in the contract', () => {
    const schema = buildSchema(readFileSync(join(__dirname, '../contract.graphql'), 'utf8'));
    expect(tabs).toHaveLength(4);
    expect(tabs.flatMap((tab) => validate(schema, parse(tab.initialQuery)))).toEqual([]);
  });
});
