import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { encodePublicId } from '../../src/domain/public-id';
import { until } from '../realtime/support';
import { inSpan } from '../../src/tracing/spans';
import { startTestApi, type TestApi } from '../support/api';
import { Caller } from '../support/api-client';
import { createWorld, type World } from '../support/world';

const exporter = new InMemorySpanExporter();
let api: TestApi;
let world: World;
beforeAll(async () => {
  // As an SDK that is preloaded does it.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  api = await startTestApi();
  world = await createWorld(api.source, { agent: { responderKind: 'SCRIPTED' } });
});
afterAll(async () => {
  await api.stop();
  trace.disable();
  context.disable();
});

const named = (name: string): ReadableSpan | undefined =>
  exporter.getFinishedSpans().find((span) => span.name === name);
const isInside = (inner: ReadableSpan, outer: ReadableSpan): boolean =>
  inner.parentSpanContext?.spanId === outer.spanContext().spanId;

describe('with an SDK preloaded', () => {
  it('a request, its root field and its transaction are spans, one in the other', async () => {
    const secret = 'what Vera wrote';
    const document =
      'mutation Say($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }';
    const conversationId = encodePublicId('conversation', world.conversation.id);
    await new Caller(api.url, world.visitor.token).ask(document, {
      input: { conversationId, text: secret, clientNonce: 'traced' },
    });
    await until('the request is over', () => named('mutation Say') !== undefined);
    const [request, field] = [named('mutation Say')!, named('Mutation.sendMessage')!];
    expect(isInside(field, request)).toBe(true);
    // Messages are written for many requests at once; a command of its own has its transaction inside.
    await new Caller(api.url, world.visitor.token).ask(
      'mutation Read($input: MarkReadInput!) { markRead(input: $input) { userErrors { code } } }',
      { input: { conversationId, upToSequence: 1 } },
    );
    const transaction = exporter
      .getFinishedSpans()
      .find((span) => span.name === 'transaction' && isInside(span, named('Mutation.markRead')!));
    expect(transaction?.attributes).toEqual({ 'baton.transaction.attempt': 1 });
    expect(request.attributes).toMatchObject({
      'graphql.operation.type': 'mutation',
      'baton.request.id': expect.any(String),
    });
    const everything = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(world.visitor.token);
  });

  it('the job that follows from it is a span of its own', async () => {
    await until('a job', () => named('job run-turn') !== undefined);
    expect(named('job run-turn')?.parentSpanContext).toBeUndefined();
  });

  it('the opening of a stream is a span', async () => {
    const following = new Caller(api.url, world.visitor.token).subscribe(
      'subscription Follow($id: ID!) { conversationEvents(conversationId: $id) { __typename } }',
      {
        id: encodePublicId('conversation', world.conversation.id),
      },
    );
    await following.waitFor(() => true);
    await until('a span', () => named('Subscription.conversationEvents') !== undefined);
    await following.stop();
  });

  it('what fails is marked, without the words of its error', async () => {
    await expect(inSpan('failing', {}, () => Promise.reject(new TypeError('hunter2')))).rejects.toThrow('hunter2');
    expect(named('failing')).toMatchObject({ status: { code: 2, message: 'TypeError' }, events: [] });
  });
});
