import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationsOf } from '../../src/process/operations-file';
import { StartError } from '../../src/process/run-root';
import { createSchema } from '../../src/server/build-schema';
import { createGate } from '../../src/server/gate';
import { type GraphqlResponse } from '../support/api-client';
import { addScene, type Scene, type Visit } from '../api/scene';
import { openRaw } from '../realtime/socket-support';
import { until } from '../realtime/support';
import { startTestApi, type TestApi } from '../support/api';

const VIEWER = 'query Viewer { viewer { __typename } }';
const FOLLOW = 'subscription Follow($id: ID!) { conversationEvents(conversationId: $id) { __typename } }';
const BEGIN = `mutation startConversation($input: StartConversationInput!) {
  startConversation(input: $input) { conversation { id } userErrors { code } } }`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const folder = mkdtempSync(join(tmpdir(), 'baton-operations-'));
const file = join(folder, 'operations.json');
const write = (content: unknown): void =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));

let api: TestApi;
let scene: Scene;
let visit: Visit;
beforeAll(async () => {
  write({ viewer: VIEWER, [`sha256:${sha256(FOLLOW)}`]: FOLLOW, begin: BEGIN });
  api = await startTestApi({ withWorker: false, env: { BATON_OPERATIONS_FILE: file } });
  scene = await addScene(api);
  const { visitor } = scene.people;
  const response = await postJson({
    documentId: 'begin',
    variables: { input: { idempotencyKey: 'only' } },
  });
  const begun = response.data?.startConversation as { conversation: { id: string } };
  visit = { visitor, visitorId: '', conversationId: begun.conversation.id };
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function postJson(body: unknown): Promise<GraphqlResponse & { status: number }> {
  const response = await fetch(api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${scene.people.visitor.token}` },
    body: JSON.stringify(body),
  });
  return { ...((await response.json()) as GraphqlResponse), status: response.status };
}

async function get(parameters: Record<string, string> | string): Promise<GraphqlResponse & { status: number }> {
  const response = await fetch(`${api.url}?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': 'yes' },
  });
  return { ...((await response.json()) as GraphqlResponse), status: response.status };
}

/** The first message after the acknowledgement. */
async function subscribe(payload: object): Promise<Record<string, unknown>> {
  const raw = await openRaw(api.url.replace('http', 'ws'));
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${visit.visitor.token}` } });
  await until('acknowledgement', () => raw.received.some(({ type }) => type === 'connection_ack'));
  raw.send({ type: 'subscribe', id: '1', payload: { query: '', variables: { id: visit.conversationId }, ...payload } });
  await until('answer', () => raw.received.length > 1);
  raw.socket.close();
  await raw.closed;
  return raw.received[1]!;
}

const apq = (document: string): object => ({ persistedQuery: { version: 1, sha256Hash: sha256(document) } });
const OTHER = '{ viewer { __typename } }';

const REFUSED: [string, object, string][] = [
  ['a document that is not in it', { query: OTHER }, 'BAD_REQUEST'],
  ['one that differs in a space', { query: `${VIEWER} ` }, 'BAD_REQUEST'],
  ['a foreign text beside a known id', { query: OTHER, documentId: 'viewer' }, 'BAD_REQUEST'],
  ['a foreign text beside a known hash', { query: OTHER, extensions: apq(VIEWER) }, 'BAD_REQUEST'],
  ['a foreign text beside its own hash', { query: OTHER, extensions: apq(OTHER) }, 'BAD_REQUEST'],
  ['nothing', { query: '' }, 'BAD_REQUEST'],
  ['an id that is no text', { query: '', documentId: 7 }, 'BAD_REQUEST'],
  ['a hash that is no text', { query: '', extensions: { persistedQuery: { sha256Hash: {} } } }, 'BAD_REQUEST'],
  ['an unknown id', { query: '', documentId: 'other' }, 'PERSISTED_QUERY_NOT_FOUND'],
  ['the name of an inherited property', { query: '', documentId: '__proto__' }, 'PERSISTED_QUERY_NOT_FOUND'],
  ['an unknown hash', { query: '', extensions: apq(OTHER) }, 'PERSISTED_QUERY_NOT_FOUND'],
];

describe('a server with a manifest of operations', () => {
  it.each([
    ['its exact text', { query: VIEWER }],
    ['the id in the file', { documentId: 'viewer' }],
    ['its hash as documentId', { documentId: `sha256:${sha256(VIEWER)}` }],
    ['its hash as Apollo sends it', { extensions: apq(VIEWER) }],
  ])('runs an operation of it over HTTP, named by %s', async (_name, body) => {
    const expected = { status: 200, data: { viewer: { __typename: 'Visitor' } } };
    expect(await postJson(body)).toEqual(expected);
    const parameters = Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    expect(await get(Object.fromEntries(parameters) as Record<string, string>)).toEqual({
      status: 200,
      data: { viewer: null },
    });
  });

  it.each([
    ['its exact text', { query: FOLLOW }],
    ['its hash as documentId', { documentId: sha256(FOLLOW) }],
    ['its hash as Apollo sends it', { extensions: apq(FOLLOW) }],
  ])('runs an operation of it over the socket, named by %s', async (_name, payload) => {
    expect(await subscribe(payload)).toMatchObject({ type: 'next', payload: { data: { conversationEvents: {} } } });
  });

  it.each(REFUSED)('refuses %s on HTTP and socket alike', async (_name, request, code) => {
    const refusal = { message: expect.stringContaining('manifest'), extensions: { code } };
    expect(await postJson(request)).toEqual({ status: 400, errors: [refusal] });
    expect(await subscribe(request)).toEqual({ id: '1', type: 'error', payload: [refusal] });
  });

  it('is not misled by a parameter that is there twice, nor by a list of operations', async () => {
    const twice = new URLSearchParams([
      ['query', VIEWER],
      ['query', OTHER],
    ]).toString();
    expect(await get(twice)).toEqual({ status: 200, data: { viewer: null } });
    expect((await get({ extensions: '{' })).status).toBe(400);
    expect((await postJson([{ query: OTHER }])).status).toBe(400);
    expect((await postJson(null)).status).toBe(400);
  });

  it('never learns an operation: what was refused with its text is unknown by its hash', async () => {
    await postJson({ query: OTHER, extensions: apq(OTHER) });
    expect((await postJson({ extensions: apq(OTHER) })).errors?.[0]?.extensions?.code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });
});

/** What the start says of a manifest; throws when it takes it. */
async function refusalOf(manifest: string): Promise<string> {
  const schema = await createSchema();
  const { log } = api.core;
  try {
    createGate({
      introspection: true,
      operations: (limits) => operationsOf(manifest, (operations) => operations.check(schema, limits)),
      log,
    });
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('a manifest that is wrong', () => {
  const deep = `{ viewer { ...on Visitor { id ${'a: id '.repeat(16)} } } }`;
  it.each([
    ['is no JSON', '{"viewer":', /is no valid JSON/],
    ['holds no documents', 7, /must hold an object of id and document, or a list of documents/],
    ['holds something else than texts', { viewer: { body: VIEWER } }, /must hold an object/],
    ['is empty', [], /names no operation/],
    ['has a syntax error', [VIEWER, 'query {'], /cannot run \(“query \{”\): Syntax Error/],
    ['asks for what is not there', ['{ nothing }'], /cannot run \(“\{ nothing \}”\): Cannot query field "nothing"/],
    ['passes a limit', [deep], /more than 15 aliases/],
  ])('stops the start with one line: it %s', async (_name, content, line) => {
    write(content);
    const message = await refusalOf(file);
    expect(message).toMatch(line);
    expect(message).toMatch(/^BATON_OPERATIONS_FILE [^\n]+$/);
  });

  it('stops the start with one line: it is not there', async () => {
    expect(await refusalOf(join(folder, 'nothing.json'))).toBe(
      'BATON_OPERATIONS_FILE leads to no file that can be read (ENOENT).',
    );
  });

  it('is no hindrance when there is none', () => {
    expect(operationsOf(null, () => undefined)).toBeNull();
  });
});
