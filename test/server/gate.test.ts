import { getIntrospectionQuery, Lexer, Source, TokenKind } from 'graphql';
import { type GraphqlResponse } from '../support/api-client';
import { addScene, type Scene, startScene, type Visit } from '../api/scene';
import { startTestApi, type TestApi } from '../support/api';
import { openRaw } from '../realtime/socket-support';
import { until } from '../realtime/support';

let scene: Scene;
let production: Scene;
let productionApi: TestApi;
let visit: Visit;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  productionApi = await startTestApi({ withWorker: false, env: { NODE_ENV: 'production' } });
  production = await addScene(productionApi);
  visit = await scene.visit();
});
afterAll(() => Promise.all([scene.api.stop(), productionApi.stop()]));

interface Refusal {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** How one document was met: null when it ran. */
type Meet = (document: string, where?: { readonly scene: Scene; readonly visit: Visit }) => Promise<Refusal | null>;

/** The same selection of a conversation, asked for in the two ways that there are. */
interface Transport {
  readonly wrap: (selection: string) => string;
  /** Fields and objects around the selection: what the wrapping itself uses up. */
  readonly around: { readonly depth: number; readonly objects: number };
  readonly meet: Meet;
}

const overHttp: Meet = async (query, where = { scene, visit }) => {
  const response = await fetch(where.scene.api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${where.visit.visitor.token}` },
    body: JSON.stringify({ query, variables: { id: where.visit.conversationId } }),
  });
  const { errors } = (await response.json()) as GraphqlResponse;
  expect(response.status).toBe(errors === undefined ? 200 : 400);
  return errors?.[0] ?? null;
};

const overSocket: Meet = async (query, where = { scene, visit }) => {
  const stream = where.visit.visitor.subscribe<object>(query, { id: where.visit.conversationId });
  await until('answer', () => stream.items.length + stream.errors.length > 0);
  await stream.stop();
  return (stream.errors[0] as Refusal | undefined) ?? null;
};

const transports: Record<string, Transport> = {
  HTTP: {
    wrap: (selection) => `query($id: ID!) { conversation(id: $id) { ${selection} } }`,
    around: { depth: 1, objects: 1 },
    meet: overHttp,
  },
  'the socket': {
    wrap: (selection) =>
      `subscription($id: ID!) { conversationEvents(conversationId: $id) { __typename
       ...on ConversationChanged { conversation { ${selection} } } } }`,
    around: { depth: 2, objects: 2 },
    meet: overSocket,
  },
};

function nested(depth: number): string {
  const fields = Array.from({ length: depth - 1 }, (_, at) => (at % 2 === 0 ? 'handoff' : 'conversation'));
  return `${fields.map((field) => `${field} { `).join('')}id${' }'.repeat(fields.length)}`;
}

const spread = (depth: number): string => nested(depth).replace(/^handoff \{/, 'handoff { ...on Handoff {') + ' }';

function aliases(count: number): string {
  return Array.from({ length: count }, (_, at) => `a${at}: id`).join(' ');
}

/** 2 objects and 100 × (4 + `inner`) below what is around. */
const lists = (inner: number | string): string =>
  `messages(first: 100) { nodes { handoff { conversation { messages(last: ${inner}) { nodes { id } } } } } }`;

function tokensOf(document: string): number {
  const lexer = new Lexer(new Source(document));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count += 1;
  return count;
}

function ofTokens(wrap: Transport['wrap'], count: number): string {
  // Spread over several levels: the same field 2000 times at one place is refused for another reason.
  const levels = nested(8);
  const padded = (each: number, more: number): string =>
    wrap(`${'id '.repeat(more)}${levels.replaceAll('{', `{ ${'id '.repeat(each)}`)}`);
  const missing = count - tokensOf(padded(0, 0));
  const document = padded(Math.floor(missing / 8), missing - 7 * Math.floor(missing / 8));
  expect(tokensOf(document)).toBe(count);
  return document;
}

const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';

describe.each(Object.entries(transports))('the gate on %s', (_name, { wrap, around, meet }) => {
  const expectRefused = async (document: string, code: string, message: RegExp): Promise<void> => {
    const refusal = await meet(document);
    expect(refusal?.extensions).toEqual({ code });
    expect(refusal?.message).toMatch(message);
  };

  it('lets 12 levels through and refuses 13, also through fragments', async () => {
    for (const shape of [nested, spread]) {
      expect(await meet(wrap(shape(12 - around.depth)))).toBeNull();
      await expectRefused(wrap(shape(13 - around.depth)), VALIDATION, /nests fields more than 12 deep\. Ask for/);
    }
  });

  it('lets 15 aliases through and refuses 16, of __typename too', async () => {
    expect(await meet(wrap(aliases(15)))).toBeNull();
    await expectRefused(wrap(aliases(16)), VALIDATION, /more than 15 aliases\. Send several/);
    const ofTypename = aliases(16).replaceAll(': id', ': __typename');
    await expectRefused(wrap(ofTypename), VALIDATION, /more than 15 aliases/);
  });

  it('lets 5 directives through and refuses 6, on fields and on spreads of one fragment', async () => {
    const onFields = 'id @include(if: true) ';
    const onSpreads = '...F @include(if: true) ';
    const fragment = ' fragment F on Conversation { id }';
    expect(await meet(wrap(onFields.repeat(5)))).toBeNull();
    await expectRefused(wrap(onFields.repeat(6)), VALIDATION, /more than 5 directives\. Leave out/);
    expect(await meet(wrap(onSpreads.repeat(5)) + fragment)).toBeNull();
    await expectRefused(wrap(onSpreads.repeat(6)) + fragment, VALIDATION, /more than 5 directives/);
  });

  it('multiplies the pages of lists inside of lists: 10000 objects pass, more do not', async () => {
    const inner = 95;
    expect(await meet(wrap(lists(inner)))).toBeNull();
    const objects = around.objects + 1 + 100 * (4 + inner + 1);
    await expectRefused(wrap(lists(inner + 1)), VALIDATION, new RegExp(`may load ${objects} objects, and 10000 are`));
  });

  it('counts a page size in a variable as 100, and a page without a size as 20', async () => {
    const withVariable = wrap(lists('$n')).replace('$id: ID!', '$id: ID!, $n: Int = 1');
    await expectRefused(withVariable, VALIDATION, /a page size in a variable counts as 100/);
    const withoutSize = wrap(lists(1).replace('(last: 1)', ''));
    expect(await meet(withoutSize)).toBeNull();
    const objects = around.objects + 1 + 100 * (3 + 4 * (1 + 20));
    const fourTimes = lists(1).replace(/messages\(last: 1\) \{ nodes \{ id \} \}/, () =>
      ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: messages { nodes { id } }`).join(' '),
    );
    await expectRefused(wrap(fourTimes), VALIDATION, new RegExp(`may load ${objects + 100 * 21} objects`));
  });

  it('counts what fragments hold at each of their spreads', async () => {
    const halves = wrap('a: messages(first: 100) { ...Half } b: messages(first: 100) { ...Half }');
    const half = (inner: number): string =>
      ` fragment Half on MessageConnection { nodes { conversation { messages(first: ${inner}) { nodes { id } } } } }`;
    expect(await meet(halves + half(46))).toBeNull();
    await expectRefused(halves + half(47), VALIDATION, /may load 1000\d objects/);
  });

  it('reads 2000 tokens and stops at the next one', async () => {
    expect(await meet(ofTokens(wrap, 2000))).toBeNull();
    await expectRefused(ofTokens(wrap, 2001), 'GRAPHQL_PARSE_FAILED', /more than 2000 tokens\. Split it into/);
  });

  it('refuses what would take long to check', async () => {
    await expectRefused(wrap('id '.repeat(1900)), VALIDATION, /repeats too many fields to be checked\. Name each/);
  });

  it('refuses fragments that spread each other in a circle, quickly and in its own words', async () => {
    const circle = 'fragment A on Conversation { ...B ...B } fragment B on Conversation { ...A ...A }';
    await expectRefused(`${wrap('...A')} ${circle}`, VALIDATION, /Cannot spread fragment/);
  });

  it('suggests names where the schema may be read, and nowhere else', async () => {
    const where = { scene: production, visit: await production.visit() };
    const misspelt = wrap('controler');
    expect((await meet(misspelt))?.message).toMatch(/^Cannot query field "controler".*Did you mean "controller"/);
    const refusal = await meet(misspelt, where);
    expect(refusal?.message).toBe('Cannot query field "controler" on type "Conversation".');
    expect(refusal?.extensions).toEqual({ code: VALIDATION });
  });

  it('hides the schema in production', async () => {
    const where = { scene: production, visit: await production.visit() };
    const refusal = await meet('query { __type(name: "Conversation") { name } }', where);
    expect(refusal?.message).toMatch(/^Introspection is off|^Only subscriptions run over the socket/);
  });
});

describe('the gate on HTTP — what the explorer needs, and what no browser should see', () => {
  it('lets the introspection query through that tools send', async () => {
    expect(await overHttp(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }))).toBeNull();
  });

  it('refuses introspection that goes round in circles', async () => {
    const circle =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await overHttp(circle))?.extensions).toEqual({ code: VALIDATION });
  });

  it.each(['development', 'production'])('shows no page of Apollo to a browser in %s', async (mode) => {
    const { url } = mode === 'production' ? productionApi : scene.api;
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/<html|apollographql\.com/i);
  });
});

describe('the gate on the socket — how many there may be', () => {
  const open = async (token: string | null) => {
    const raw = await openRaw(scene.api.url.replace('http', 'ws'));
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    const isOpen = (): boolean => raw.received.some(({ type }) => type === 'connection_ack');
    await until('answer', () => isOpen() || raw.socket.readyState === raw.socket.CLOSED);
    return { raw, isOpen: isOpen() };
  };

  it('gives one caller 50, closes the next with 4430, and has room again when one has gone', async () => {
    const { visitor } = await scene.visit();
    const sockets = await Promise.all(Array.from({ length: 50 }, () => open(visitor.token)));
    expect(sockets.filter(({ isOpen }) => isOpen)).toHaveLength(50);
    const refused = { code: 4430, reason: 'You have 50 open sockets: close some, then reconnect.' };
    const next = await open(visitor.token);
    expect(await next.raw.closed).toEqual(refused);
    // Another visitor of the same agent is somebody else.
    const other = await open(visit.visitor.token);
    expect(other.isOpen).toBe(true);
    sockets[0]!.raw.socket.close();
    await sockets[0]!.raw.closed;
    await until('room', async () => {
      const again = await open(visitor.token);
      sockets.push(again);
      return again.isOpen;
    });
    for (const { raw } of [...sockets, other]) raw.socket.close();
  });
});
