import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createLogger } from '../../src/process/logger';
import { range, until } from '../realtime/support';
import { Scrape } from '../metrics/scrape';
import { startTestApi, type TestApi } from '../support/api';
import { Caller } from '../support/api-client';
import { CONVERSATION_EVENTS, type EventView } from '../support/documents';
import { type ActingVisitor, createWorld, insertVisitor, type World } from '../support/world';

const VISITORS = 25;
const SOCKETS = 250;
/** Of one caller a process takes at most 50. */
const SOCKETS_OF_ONE = SOCKETS / VISITORS;

const lines: { msg: string; level: number }[] = [];
const log = createLogger(
  { logLevel: 'warn' },
  { write: (line) => void lines.push(JSON.parse(line) as { msg: string; level: number }) },
);
let api: TestApi;
let world: World;
beforeAll(async () => {
  // A pool that a hundredth of the wave would use up; each client has an address of its own, told by a proxy.
  const env = { DATABASE_POOL_SIZE: '5', METRICS_PORT: '0', BATON_TRUST_PROXY: '1' };
  api = await startTestApi({ env, withWorker: false, log });
  world = await createWorld(api.source);
}, 120_000);
afterAll(() => api.stop());

interface Talk {
  readonly visitor: ActingVisitor;
  readonly caller: Caller;
  readonly conversationId: string;
}

async function startTalk(n: number): Promise<Talk> {
  const visitor = await insertVisitor(api.source.manager, world.agent, `Visitor ${n}`);
  const caller = new Caller(api.url, visitor.token);
  const { conversation } = await caller.act('startConversation', { idempotencyKey: 'only' });
  return { visitor, caller, conversationId: conversation!.id };
}

/** A client that resumes after its cursor, and can be cut as a failing network cuts it. */
class Watcher {
  readonly numbers: number[] = [];
  readonly failures: unknown[] = [];
  /** How often a stream has said that it is ready. */
  readies = 0;
  private cursor: string | null = null;
  private socket: WebSocket | null = null;
  private readonly client: Client;

  constructor({ visitor, conversationId }: Talk, address: string) {
    class ProxiedSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: { 'x-forwarded-for': address } });
        this.on('error', () => undefined);
      }
    }
    this.client = createClient({
      url: api.url.replace('http', 'ws'),
      webSocketImpl: ProxiedSocket,
      connectionParams: { authorization: `Bearer ${visitor.token}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => delay(100 + Math.random() * 400),
      shouldRetry: () => true,
      on: { opened: (socket) => (this.socket = socket as WebSocket) },
    });
    const after = (): string | null => this.cursor;
    const variables = {
      id: conversationId,
      get after() {
        return after();
      },
    };
    this.client.subscribe<{ conversationEvents: EventView }>(
      { query: CONVERSATION_EVENTS, variables },
      {
        next: ({ data }) => this.take(data!.conversationEvents),
        error: (error) => this.failures.push(error),
        complete: () => undefined,
      },
    );
  }

  cut(): void {
    this.socket?.terminate();
  }

  stop(): void {
    void this.client.dispose();
  }

  private take(event: EventView): void {
    if (event.__typename === 'StreamReady') {
      if (this.cursor !== null && event.recovered !== true) this.failures.push(event);
      this.readies += 1;
    }
    this.cursor = event.cursor;
    if (event.message !== undefined) this.numbers.push(event.message.sequence);
  }
}

const say = (talk: Talk, n: number): Promise<unknown> =>
  talk.caller.act('sendMessage', { conversationId: talk.conversationId, text: String(n), clientNonce: String(n) });

describe(`${SOCKETS} sockets that are cut at once, in front of a pool of 5`, () => {
  it('are all back with what they missed, while requests are answered and the pool holds', async () => {
    const talks: Talk[] = [];
    for (const n of range(1, VISITORS)) talks.push(await startTalk(n));
    const watchers = talks.flatMap((talk, at) =>
      range(1, SOCKETS_OF_ONE).map((n) => new Watcher(talk, `10.0.${at}.${n}`)),
    );
    const ready = (times: number) => (): boolean => watchers.every(({ readies }) => readies >= times);
    await until('all are there', ready(1), 240_000);
    for (const watcher of watchers) watcher.cut();
    await Promise.all(talks.map((talk) => say(talk, 1)));
    const asked: boolean[] = [];
    await until(
      'all are back',
      async () => {
        asked.push((await talks[0]!.caller.post('{ viewer { __typename } }')).errors === undefined);
        return ready(2)();
      },
      240_000,
    );
    await Promise.all(talks.map((talk) => say(talk, 2)));
    await until('all have heard', () => watchers.every(({ numbers }) => numbers.at(-1) === 2), 60_000);
    expect(watchers.filter(({ numbers }) => numbers.length !== 2 || numbers[0] !== 1)).toEqual([]);
    expect(watchers.flatMap(({ failures }) => failures)).toEqual([]);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked).not.toContain(false);
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
    const scrape = await Scrape.of(api.core.metricsPort!);
    expect(scrape.value('baton_sockets')).toBe(SOCKETS);
    expect(scrape.value('baton_turned_away_total{transport="http"}')).toBeUndefined();
    for (const watcher of watchers) watcher.stop();
    await until('all are gone', async () => (await Scrape.of(api.core.metricsPort!)).value('baton_sockets') === 0);
  }, 600_000);
});
