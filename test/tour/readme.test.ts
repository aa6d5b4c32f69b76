import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, Kind, parse } from 'graphql';
import { variables } from '../../src/config/variables';
import { UserErrorCode } from '../../src/schema/user-error';
import { Caller } from '../support/api-client';
import { seedDemo } from '../../src/process/demo';
import { startTestApi, type TestApi } from '../support/api';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const documents = new Map(
  [...readme.matchAll(/^```graphql\n([^]*?)^```$/gm)].map(([, text = '']) => [nameOf(parse(text)), text]),
);

function nameOf(document: DocumentNode): string {
  const [definition] = document.definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? (definition.name?.value ?? '') : '';
}

describe('the README', () => {
  it('lists every variable of the environment', () => {
    const missing = Object.keys(variables.shape).filter((name) => !readme.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  it('lists every code of a user error', () => {
    const missing = Object.keys(UserErrorCode).filter((code) => !readme.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });

  it('leads only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, file = '']) => file);
    expect(links).not.toEqual([]);
    for (const file of links) expect(() => readFileSync(join(__dirname, '../..', file))).not.toThrow();
  });
});

/** What this test looks at in the answers. */
interface Answer {
  readonly userErrors?: readonly unknown[];
  readonly visitorToken: string;
  readonly accessToken: string;
  readonly conversation: { readonly id: string; readonly controller: string; readonly streamCursor: string };
  readonly conversations: { readonly nodes: readonly { readonly id: string }[] };
  readonly handoff: { readonly id: string };
}

interface Item {
  readonly __typename: string;
  readonly recovered?: boolean;
  readonly message?: { readonly authorKind: string };
  readonly handoff?: { readonly id: string };
  readonly conversation?: { readonly controller: string };
}

describe("the README's operations", () => {
  let api: TestApi;
  beforeAll(async () => {
    // With the limits as they are by default.
    api = await startTestApi({ env: { BATON_LIMITS: '' } });
  });
  afterAll(() => api.stop());

  async function run(name: string, given: Record<string, unknown>, token: string | null = null): Promise<Answer> {
    const data = await new Caller(api.url, token).ask<Record<string, Answer>>(documents.get(name) ?? '', given);
    const value = Object.values(data)[0]!;
    expect(value.userErrors ?? []).toEqual([]);
    return value;
  }

  it('run one after the other against the demo', async () => {
    const demo = await seedDemo(api.core.database.source, api.dataDirectory, api.url);
    const [ada] = demo.operators;
    await run('WidgetStart', { publicKey: demo.agentPublicKey });
    const { visitorToken } = await run('OpenWidget', { input: { agentPublicKey: demo.agentPublicKey } });
    const { conversation } = await run('Begin', { input: { idempotencyKey: 'first' } }, visitorToken);
    const conversationId = conversation.id;

    const chat = new Caller(api.url, visitorToken).subscribe<Item>(documents.get('Follow') ?? '', {
      conversationId,
      after: conversation.streamCursor,
    });
    await chat.waitFor((item) => item.__typename === 'StreamReady' && item.recovered === true);
    await run('Write', { input: { conversationId, clientNonce: '1', text: 'Hello!' } }, visitorToken);
    await chat.waitFor((item) => item.message?.authorKind === 'AI');

    const { accessToken } = await run('SignIn', { input: { email: ada?.email, password: ada?.password } });
    const { organizationId } = demo;
    const dashboard = new Caller(api.url, accessToken);
    const ring = dashboard.subscribe<Item>(documents.get('Ring') ?? '', { organizationId });
    await ring.waitFor((item) => item.__typename === 'StreamReady');
    const { handoff } = await run('AskForAPerson', { input: { conversationId } }, visitorToken);
    await ring.waitFor((item) => item.handoff?.id === handoff.id);
    const inbox = await run('Inbox', { organizationId }, accessToken);
    expect(inbox.conversations.nodes[0]!.id).toBe(conversationId);

    const taken = await run('Take', { input: { handoffId: handoff.id } }, accessToken);
    expect(taken.conversation.controller).toBe('HUMAN');
    const returned = await run('GiveBack', { input: { conversationId, brief: 'All is well.' } }, accessToken);
    expect(returned.conversation.controller).toBe('AI');
    await chat.waitFor((item) => item.conversation?.controller === 'AI');
    await Promise.all([chat.stop(), ring.stop()]);
    expect([...chat.errors, ...ring.errors]).toEqual([]);
  });

  it('are ten, the eighth with a list and a stream of its own', () => {
    expect(documents.size).toBe(11);
    expect(readme.match(/^\*\*\d+\. /gm)).toHaveLength(10);
  });
});
