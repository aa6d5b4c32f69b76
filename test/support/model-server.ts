import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';

/** One thing that the scripted endpoint does; a script is the answer to one request. */
export type ModelStep =
  | { kind: 'piece'; text: string }
  | { kind: 'toolCall'; name: string; arguments: string }
  | { kind: 'finish'; reason: string }
  | { kind: 'raw'; data: string }
  | { kind: 'gate'; name: string }
  | { kind: 'cut' }
  | { kind: 'end' }
  | { kind: 'hang' }
  | { kind: 'status'; status: number; body: string; headers: Record<string, string> };

export const piece = (text: string): ModelStep => ({ kind: 'piece', text });
/** Arguments may be a string, to send what is not JSON. Streamed in two parts, as real endpoints do. */
export const toolCall = (name: string, args: object | string): ModelStep => ({
  kind: 'toolCall',
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
});
/** The last chunk, with its reason, and `[DONE]`. */
export const finish = (reason = 'stop'): ModelStep => ({ kind: 'finish', reason });
/** One event whose data is sent as it stands. */
export const raw = (data: string): ModelStep => ({ kind: 'raw', data });
/** Waits here until the test calls `release(name)`. */
export const gate = (name: string): ModelStep => ({ kind: 'gate', name });
/** Destroys the socket in the middle. */
export const cut = (): ModelStep => ({ kind: 'cut' });
/** Ends the response tidily, without a last chunk. */
export const end = (): ModelStep => ({ kind: 'end' });
/** Sends nothing more and keeps the connection open. */
export const hang = (): ModelStep => ({ kind: 'hang' });
/** Instead of a stream: a plain answer. Must be the first step that sends anything. */
export const status = (
  code: number,
  body: object | string = { error: { message: `status ${String(code)}` } },
  headers: Record<string, string> = {},
): ModelStep => ({
  kind: 'status',
  status: code,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
});
/** A whole answer: its pieces and the end. */
export const says = (...texts: string[]): ModelStep[] => [...texts.map(piece), finish()];

interface ModelRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: ChatCompletionCreateParamsStreaming;
  /** Resolves when the connection has closed: true if the client closed it before the answer was complete. */
  closedByClient: Promise<boolean>;
}

export interface ModelServer {
  /** Base URL for the `openai` package, ends with /v1. */
  url: string;
  /** Every request so far, oldest first. */
  requests: readonly ModelRequest[];
  /** Queues the answer to the next request that has none yet. A request without any gets 400 "no script". */
  script(steps: ModelStep[]): void;
  /** Answers all requests for which nothing is queued. */
  byDefault(steps: ModelStep[]): void;
  /** Resolves once `count` requests have arrived, with the last of them. */
  received(count: number): Promise<ModelRequest>;
  /** Resolves once a script waits at the gate. */
  reached(gateName: string): Promise<void>;
  /** Opens a gate for good, also before anybody stands there. */
  release(gateName: string): void;
  close(): Promise<void>;
}

interface Latch {
  promise: Promise<void>;
  open(): void;
}

/** Starts a chat-completions endpoint on loopback that does what the test scripted. */
export async function startModelServer(): Promise<ModelServer> {
  const endpoint = new ScriptedEndpoint();
  const server = createServer((request, response) => {
    endpoint.answer(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    requests: endpoint.requests,
    script: (steps) => void endpoint.queue.push(steps),
    byDefault: (steps) => void (endpoint.fallback = steps),
    received: (count) => endpoint.received(count),
    reached: (name) => endpoint.latch(`reached ${name}`).promise,
    release: (name) => {
      endpoint.latch(`open ${name}`).open();
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

class ScriptedEndpoint {
  readonly requests: ModelRequest[] = [];
  readonly queue: ModelStep[][] = [];
  fallback: ModelStep[] = [status(400, { error: { message: 'no script' } })];
  private readonly latches = new Map<string, Latch>();

  latch(name: string): Latch {
    let latch = this.latches.get(name);
    if (latch === undefined) {
      let open: () => void = () => undefined;
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      latch = { promise, open };
      this.latches.set(name, latch);
    }
    return latch;
  }

  async received(count: number): Promise<ModelRequest> {
    await this.latch(`request ${String(count)}`).promise;
    const request = this.requests[count - 1];
    if (request === undefined) throw new Error(`There is no request ${String(count)}.`);
    return request;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closedByClient = new Promise<boolean>((resolve) => {
      response.on('close', () => resolve(!response.writableFinished));
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = (text === '' ? {} : JSON.parse(text)) as ChatCompletionCreateParamsStreaming;
    const steps = this.queue.shift() ?? this.fallback;
    this.requests.push({ path: request.url ?? '', headers: request.headers, body, closedByClient });
    this.latch(`request ${String(this.requests.length)}`).open();
    for (const step of steps) {
      // The client may have left while the script stood at a gate.
      if (response.destroyed) return;
      await this.play(step, response, body.model);
    }
  }

  private async play(step: ModelStep, response: ServerResponse, model: string): Promise<void> {
    switch (step.kind) {
      case 'gate':
        // The head goes out first: a gate stands in the middle of an answer.
        openStream(response).flushHeaders();
        this.latch(`reached ${step.name}`).open();
        return this.latch(`open ${step.name}`).promise;
      case 'hang':
        return new Promise((resolve) => {
          response.on('close', resolve);
        });
      case 'cut':
        // What was written must have left, or the cut would swallow it and come before the answer.
        await new Promise<void>((resolve) => {
          openStream(response).write(': cut\n\n', () => resolve());
        });
        return void response.destroy();
      case 'status':
        return void response
          .writeHead(step.status, { 'content-type': 'application/json', ...step.headers })
          .end(step.body);
      case 'end':
        return void openStream(response).end();
      default:
        sendChunks(step, openStream(response), model);
    }
  }
}

function openStream(response: ServerResponse): ServerResponse {
  return response.headersSent ? response : response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function sendChunks(
  step: Extract<ModelStep, { kind: 'piece' | 'toolCall' | 'finish' | 'raw' }>,
  response: ServerResponse,
  model: string,
): void {
  const send = (data: string): void => void response.write(`data: ${data}\n\n`);
  const chunk = (delta: object, finishReason: string | null = null): void => {
    const choices = [{ index: 0, delta, finish_reason: finishReason }];
    send(JSON.stringify({ id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 0, model, choices }));
  };
  if (step.kind === 'piece') chunk({ role: 'assistant', content: step.text });
  if (step.kind === 'raw') send(step.data);
  if (step.kind === 'toolCall') {
    const half = Math.ceil(step.arguments.length / 2);
    const first = { name: step.name, arguments: step.arguments.slice(0, half) };
    chunk({ role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: first }] });
    chunk({ tool_calls: [{ index: 0, function: { arguments: step.arguments.slice(half) } }] });
  }
  if (step.kind === 'finish') {
    chunk({}, step.reason);
    send('[DONE]');
    response.end();
  }
}
