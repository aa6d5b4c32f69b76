import { ApolloServer } from '@apollo/server';
import { KnownOperations } from '../../src/server/known-operation';
import { type TestApi, startTestApi } from '../support/api';
import { addScene, type Scene, startScene } from '../api/scene';
import { parse } from 'graphql';

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = 'query One($first: Int) { viewer { __typename } notifications(first: $first) { unseenCount } }';

describe('KnownOperations', () => {
  const known = new KnownOperations();
  known.remember(QUERY, parse(QUERY));
  const find = (body: unknown, headers: Record<string, string> = JSON_TYPE, method = 'POST') =>
    known.find({ method, body }, headers);

  it('finds the operation of a document that was valid before', () => {
    expect(find({ query: QUERY, variables: { first: 1 } })).toMatchObject({
      operation: { operation: 'query', name: { value: 'One' } },
      variables: { first: 1 },
    });
    expect(find({ query: QUERY, variables: null, operationName: 'One' })).toMatchObject({ variables: {} });
  });

  it.each<[string, unknown, { headers?: Record<string, string>; method?: string }]>([
    ['another document', { query: `${QUERY} ` }, {}],
    ['an operation that is not in it', { query: QUERY, operationName: 'Two' }, {}],
    ['an empty name', { query: QUERY, operationName: '' }, {}],
    ['a persisted query', { query: QUERY, extensions: {} }, {}],
    ['variables that are a list', { query: QUERY, variables: [] }, {}],
    ['variables that are a text', { query: QUERY, variables: '{}' }, {}],
    ['a name that is no text', { query: QUERY, operationName: 1 }, {}],
    ['a list of operations', [{ query: QUERY }], {}],
    ['no body', undefined, {}],
    ['a GET', { query: QUERY }, { method: 'GET' }],
    ['a form', { query: QUERY }, { headers: { 'content-type': 'text/plain' } }],
    ['no content type', { query: QUERY }, { headers: {} }],
    [
      'an answer of another kind',
      { query: QUERY },
      { headers: { ...JSON_TYPE, accept: 'application/graphql-response+json' } },
    ],
  ])('leaves %s to Apollo', (_what, body, { headers, method }) => {
    expect(find(body, headers, method)).toBeNull();
  });

  it('forgets the document that was used longest ago, and keeps no long one', () => {
    const few = new KnownOperations();
    const has = (query: string): boolean => few.find({ method: 'POST', body: { query } }, JSON_TYPE) !== null;
    const numbered = (n: number): string => `{ a${n} }`;
    for (let n = 0; n < 500; n += 1) few.remember(numbered(n), parse(numbered(n)));
    expect(has(numbered(0))).toBe(true);
    few.remember('{ another }', parse('{ another }'));
    expect([has(numbered(0)), has(numbered(1)), has('{ another }')]).toEqual([true, false, true]);
    const long = `{ a${' '.repeat(17_000)} }`;
    few.remember(long, parse(long));
    expect(has(long)).toBe(false);
  });
});

describe('an operation that comes again', () => {
  let scene: Scene;
  let guarded: TestApi;
  beforeAll(async () => {
    scene = await startScene({ withWorker: false });
    guarded = await startTestApi({ withWorker: false, env: { NODE_ENV: 'production' } });
  });
  afterAll(() => Promise.all([scene.api.stop(), guarded.stop()]));

  const byApollo = jest.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');

  /** The answer without what is different each time. */
  async function send(body: object, headers: Record<string, string>, url = scene.api.url) {
    const before = byApollo.mock.calls.length;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify(body),
    });
    const { status } = response;
    const text = (await response.text()).replaceAll(response.headers.get('x-request-id')!, 'REQUEST');
    const names = [...response.headers.keys()].filter((name) => name !== 'date').sort();
    const calls = byApollo.mock.calls.length - before;
    return { status, text, type: response.headers.get('content-type'), names, calls };
  }

  const MISSING = 'conv_00000000000000000000000000000000';
  const SEND = `mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { text } userErrors { code path } } }`;
  it.each<[string, object, number]>([
    ['data', { query: QUERY, variables: { first: 2 } }, 0],
    [
      'the second of two operations',
      { query: 'query A { viewer { __typename } } query B { b: viewer { __typename } }', operationName: 'B' },
      0,
    ],
    ['a refusal', { query: SEND, variables: { input: { conversationId: MISSING, text: 'Hi', clientNonce: 'n' } } }, 0],
    [
      'an error of a field',
      { query: `{ conversation(id: "${MISSING}") { id } n: notifications(first: -1) { unseenCount } }` },
      0,
    ],
    ['a variable of the wrong type', { query: QUERY, variables: { first: 'x' } }, 1],
    ['a variable that is missing', { query: SEND }, 1],
    [
      'an operation that must be named',
      { query: 'query A { viewer { __typename } } query B { viewer { __typename } }' },
      1,
    ],
    ['a document that is not valid', { query: '{ nothing }' }, 1],
    ['a subscription', { query: 'subscription { notificationAdded { __typename } }' }, 1],
  ])('is answered as the first time: %s', async (_what, body, calls) => {
    const authorization = { authorization: `Bearer ${scene.people.operator.token}` };
    const first = await send(body, authorization);
    const again = await send(body, authorization);
    expect(first.calls).toBe(1);
    expect(again).toEqual({ ...first, calls });
  });

  it('reads what it had not read before, where another variable asks for it, and for another viewer', async () => {
    const query = `query($id: ID!, $all: Boolean!) { organization(id: $id) { conversations(first: 5) { nodes {
      lastSequence agent { displayName publicKey @include(if: $all) } status @include(if: $all) visitor { email @include(if: $all) } } } } }`;
    const ask = async (all: boolean, who: 'operator' | 'owner') => {
      const body = { query, variables: { id: scene.ids.organization, all } };
      return send(body, { authorization: `Bearer ${scene.people[who].token}` });
    };
    const few = await ask(false, 'operator');
    const wanted = await send(
      { query: `${query} `, variables: { id: scene.ids.organization, all: true } },
      { authorization: `Bearer ${scene.people.operator.token}` },
    );
    expect(JSON.parse(few.text)).toMatchObject({ data: { organization: { conversations: { nodes: [{}] } } } });
    expect(wanted.text).toContain('"publicKey":"pk_');
    for (let time = 0; time < 3; time += 1) {
      expect(await ask(false, 'operator')).toEqual({ ...few, calls: 0 });
      expect(await ask(true, 'owner')).toEqual({ ...wanted, calls: 0 });
    }
  });

  it('authenticates each time, and once', async () => {
    const { scene: other } = { scene: await addScene(scene.api) };
    const body = { query: '{ viewer { ... on User { id } } }' };
    const answers = [];
    for (const token of [scene.people.operator.token, other.people.operator.token, 'none'])
      answers.push((await send(body, { authorization: `Bearer ${token}` })).text);
    expect(answers[0]).toContain(scene.ids.operator);
    expect(answers[1]).toContain(other.ids.operator);
    expect(answers[2]).toContain('"viewer":null');
  });

  it('is known by no other server', async () => {
    const body = { query: '{ __schema { queryType { name } } }' };
    await send(body, {});
    expect(await send(body, {})).toMatchObject({ status: 200, calls: 0 });
    const answer = await send(body, {}, guarded.url);
    expect(answer).toMatchObject({ status: 400, calls: 1 });
    expect(await send(body, {}, guarded.url)).toEqual(answer);
  });
});
