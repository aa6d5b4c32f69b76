import { createGuardedFetch } from '../../src/responders/guarded-fetch';
import { createOpenAiCompatibleResponder, type OpenAiCompatibleOptions } from '../../src/responders/openai-compatible';
import type { Responder } from '../../src/responders/responder';
import {
  cut,
  end,
  finish,
  gate,
  hang,
  piece,
  raw,
  says,
  startModelServer,
  status,
  toolCall,
  type ModelServer,
} from '../support/model-server';
import { recordingContext, turnOf } from './turns';

const API_KEY = 'sk-very-secret';
let server: ModelServer;

beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

function responder(options: Partial<OpenAiCompatibleOptions> = {}): Responder {
  return createOpenAiCompatibleResponder({
    baseUrl: server.url,
    apiKey: API_KEY,
    model: 'tea-1',
    fetch: createGuardedFetch({ allowLoopback: true }),
    ...options,
  });
}

const question = turnOf([['VISITOR', 'Which tea is best?']]);

describe('OpenAI-compatible responder, endpoint fails', () => {
  test('a refused key fails for good, and the key is not in the detail', async () => {
    server.script([status(401, { error: { message: `Incorrect API key provided: ${API_KEY}` } })]);
    const outcome = await responder().respond(question, recordingContext());
    expect(outcome).toEqual({
      kind: 'FAILED',
      retryable: false,
      detail: 'The model endpoint answered 401 Incorrect API key provided: [secret]',
    });
  });

  test.each([
    [400, false],
    [403, false],
    [404, false],
    [422, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('status %i fails with retryable %s after a single request', async (code, retryable) => {
    server.byDefault([status(code)]);
    const outcome = await responder().respond(question, recordingContext());
    expect(outcome).toMatchObject({
      kind: 'FAILED',
      retryable,
      detail: expect.stringContaining(String(code)) as string,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('a redirect is not followed', async () => {
    server.script([status(307, '', { location: `${server.url}/chat/completions` })]);
    server.script(says('from the other place'));
    expect(await responder().respond(question, recordingContext())).toMatchObject({ kind: 'FAILED', retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  test('an address that is not permitted is not called', async () => {
    const guarded = responder({ fetch: createGuardedFetch({ allowLoopback: false }) });
    expect(await guarded.respond(question, recordingContext())).toMatchObject({
      kind: 'FAILED',
      retryable: false,
      detail: expect.stringContaining('must not be called') as string,
    });
    expect(server.requests).toHaveLength(0);
  });

  test('a public name that leads to a private address is not called', async () => {
    const fetch = createGuardedFetch({ allowLoopback: false, resolve: () => Promise.resolve(['127.0.0.1']) });
    const outcome = await responder({ baseUrl: 'https://models.example.com/v1', fetch }).respond(
      question,
      recordingContext(),
    );
    expect(outcome).toMatchObject({ kind: 'FAILED', retryable: false });
  });

  test('the connection goes to the address that was checked, whatever DNS says of the name', async () => {
    server.script(says('Tea'));
    const fetch = createGuardedFetch({ allowLoopback: true, resolve: () => Promise.resolve(['127.0.0.1']) });
    const baseUrl = server.url.replace('127.0.0.1', 'no-such-name.localhost');
    expect(await responder({ baseUrl, fetch }).respond(question, recordingContext())).toEqual({
      kind: 'REPLY',
      text: 'Tea',
    });
  });

  test('a port where nobody listens fails retryably', async () => {
    const gone = await startModelServer();
    await gone.close();
    expect(await responder({ baseUrl: gone.url }).respond(question, recordingContext())).toMatchObject({
      kind: 'FAILED',
      retryable: true,
    });
  });

  test.each([
    ['cut in the middle', [piece('Half an ans'), cut()]],
    ['ended tidily in the middle', [piece('Half an ans'), end()]],
    ['broken off by an error event', [piece('Half an ans'), raw('{"error":{"message":"overloaded"}}'), end()]],
    ['garbage', [raw('{"choices":'), end()]],
    ['a chunk of another shape', [raw('{"choices":"none"}'), finish()]],
    ['empty', [finish()]],
    ['blank', says(' \n')],
  ])('an answer that is %s fails retryably', async (_, steps) => {
    server.script(steps);
    expect(await responder().respond(question, recordingContext())).toMatchObject({ kind: 'FAILED', retryable: true });
  });

  test('an endless answer is broken off', async () => {
    server.script([raw(`{"choices":[],"padding":"${'x'.repeat(20_000)}"}`), ...says('late')]);
    const fetch = createGuardedFetch({ allowLoopback: true, maxResponseBytes: 10_000 });
    const outcome = await responder({ fetch }).respond(question, recordingContext());
    expect(outcome).toMatchObject({
      kind: 'FAILED',
      detail: expect.stringContaining('longer than 10000 bytes') as string,
    });
  });

  test.each([
    ['before the first piece', [hang()]],
    ['in the middle', [piece('Let me'), hang()]],
  ])('an endpoint that hangs %s fails for good and its connection is closed', async (_, steps) => {
    server.script(steps);
    const outcome = await responder({ timeoutMs: 300 }).respond(question, recordingContext());
    expect(outcome).toEqual({ kind: 'FAILED', retryable: false, detail: 'No complete answer within 300 ms.' });
    expect(await (await server.received(1)).closedByClient).toBe(true);
  });
});

describe('OpenAI-compatible responder, aborted', () => {
  const reason = new Error('taken over');

  test.each([
    ['the guarded fetch', createGuardedFetch({ allowLoopback: true })],
    // The package ends this one's stream as if the answer were complete.
    ['the built-in fetch', fetch],
  ])(
    'in the middle of an answer over %s: rejects with the reason, closes the connection, shows nothing more',
    async (_, usedFetch) => {
      server.script([piece('First '), gate('more'), ...says('second')]);
      const context = recordingContext();
      const shown = new Promise<void>((resolve) => {
        context.onDelta = (text) => {
          context.deltas.push(text);
          resolve();
        };
      });
      const responding = responder({ fetch: usedFetch }).respond(question, context);
      await shown;
      context.abort(reason);
      await expect(responding).rejects.toBe(reason);
      expect(await (await server.received(1)).closedByClient).toBe(true);
      server.release('more');
      expect(context.deltas).toEqual(['First ']);
    },
  );

  test('by the piece that is being shown: rejects although more is already here', async () => {
    server.script(says('one', 'two', 'three'));
    const context = recordingContext();
    context.onDelta = (text) => {
      context.deltas.push(text);
      context.abort(reason);
    };
    await expect(responder().respond(question, context)).rejects.toBe(reason);
    expect(context.deltas).toEqual(['one']);
  });

  test('while the endpoint has sent nothing: rejects with the reason and closes the connection', async () => {
    server.script([hang()]);
    const context = recordingContext();
    const responding = responder().respond(question, context);
    const request = await server.received(1);
    context.abort(reason);
    await expect(responding).rejects.toBe(reason);
    expect(await request.closedByClient).toBe(true);
  });

  test('while the name is looked up: rejects with the reason', async () => {
    const context = recordingContext();
    const fetch = createGuardedFetch({
      allowLoopback: false,
      resolve: () => {
        context.abort(reason);
        return Promise.race<string[][]>([]);
      },
    });
    await expect(
      responder({ baseUrl: 'https://models.example.com/v1', fetch }).respond(question, context),
    ).rejects.toBe(reason);
  });

  test('before it began: sends nothing', async () => {
    const context = recordingContext();
    context.abort(reason);
    await expect(responder().respond(question, context)).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  test('by the grant of its own request for a person: still reports the grant', async () => {
    server.script([toolCall('request_human', {}), finish('tool_calls')]);
    const context = recordingContext();
    context.requestHuman = () => {
      context.abort(reason);
      return Promise.resolve({ granted: true });
    };
    expect(await responder().respond(question, context)).toEqual({ kind: 'HUMAN_REQUESTED' });
  });
});
