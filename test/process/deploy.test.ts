import { setTimeout as delay } from 'node:timers/promises';
import { decodePublicId } from '../../src/domain/public-id';
import { stopBoundMs } from '../../src/process/shutdown';
import { connect } from '../realtime/socket-support';
import { range, until } from '../realtime/support';
import { CONVERSATION_EVENTS, type EventView } from '../support/documents';
import { isReady, ProcessGarden } from './baton-process';
import { type ApiProcess, Deployment, type Visit } from './deployment';

const garden = new ProcessGarden();
let deployment: Deployment;
beforeAll(async () => {
  deployment = await Deployment.start({ garden, redisUrl: null, migrates: false, apis: 3 });
}, 120_000);
afterAll(async () => {
  await garden.clear();
  await deployment.stop();
});

/** Long enough to look at a process that says that it is not ready, and serves. */
const READY_DELAY = { BATON_READY_DELAY_SECONDS: '3' };

/** What one client has been given of a conversation, over all its connections. */
interface Watcher {
  readonly numbers: number[];
  /** Streams that could not be resumed, or failed. */
  readonly failures: unknown[];
  readonly closes: number[];
  stop(): void;
}

/** The client as the guide for operators says to set it up, at any process that takes connections. */
function watch({ visitor, conversationId }: Visit, urlOf: () => string): Watcher {
  const numbers: number[] = [];
  const failures: unknown[] = [];
  const closes: number[] = [];
  let cursor: string | null = null;
  const client = connect('', {
    url: () => urlOf().replace('http', 'ws'),
    connectionParams: { authorization: `Bearer ${visitor.token}` },
    retryWait: () => delay(50 + Math.random() * 200),
    on: { closed: (event) => closes.push((event as { code: number }).code) },
  });
  const variables = {
    id: conversationId,
    get after() {
      return cursor;
    },
  };
  client.subscribe<{ conversationEvents: EventView }>(
    { query: CONVERSATION_EVENTS, variables },
    {
      next: ({ data, errors }) => {
        if (errors !== undefined) failures.push(errors);
        const event = data!.conversationEvents;
        if (cursor !== null && event.__typename === 'StreamReady' && event.recovered !== true) failures.push(event);
        cursor = event.cursor;
        if (event.message !== undefined) numbers.push(event.message.sequence);
      },
      error: (error) => failures.push(error),
      complete: () => undefined,
    },
  );
  return { numbers, failures, closes, stop: () => void client.dispose() };
}

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!;

/** Says the same until it has been taken, wherever somebody listens: the nonce makes it one message. */
async function say({ visitor, conversationId }: Visit, n: number, urlOf: () => string): Promise<void> {
  for (;;) {
    try {
      const input = { conversationId, text: String(n), clientNonce: String(n) };
      await visitor.at(urlOf()).act('sendMessage', input);
      return;
    } catch {
      await delay(20);
    }
  }
}

describe('a rolling restart of three API processes, under load', () => {
  it('loses nothing and doubles nothing, and every process ends well', async () => {
    const { agent } = await deployment.createWorld({});
    const live: ApiProcess[] = [...deployment.apis];
    const urlOf = (): string => pick(live).url;
    const visits = await Promise.all(range(1, 3).map(() => deployment.visit(agent, urlOf())));
    const watchers = visits.map((visit) => range(1, 8).map(() => watch(visit, urlOf)));
    let isOver = false;
    const said = visits.map(() => 0);
    const talks = visits.map(async (visit, at) => {
      while (!isOver) {
        said[at] = said[at]! + 1;
        await say(visit, said[at], urlOf);
        await delay(50);
      }
    });
    await until('everybody hears something', () => watchers.flat().every(({ numbers }) => numbers.length > 0));
    const ends: (number | null)[] = [];
    for (const old of [...live]) {
      live.push(await deployment.addApi(READY_DELAY));
      live.splice(live.indexOf(old), 1);
      ends.push((await old.baton.end('SIGTERM')).code);
    }
    const heard = watchers.flat().map(({ numbers }) => numbers.length);
    await until('everybody hears more', () => watchers.flat().every(({ numbers }, at) => numbers.length > heard[at]!));
    isOver = true;
    await Promise.all(talks);
    await until('everybody has heard all', () =>
      watchers.every((group, at) => group.every(({ numbers }) => numbers.at(-1) === said[at])),
    );
    expect(ends).toEqual([0, 0, 0]);
    for (const [at, group] of watchers.entries()) {
      for (const { numbers, failures } of group) {
        // From the first that it heard on: it came while others talked already.
        expect(numbers).toEqual(range(numbers[0]!, said[at]!));
        expect(failures).toEqual([]);
      }
    }
    const closes = watchers.flat().flatMap((watcher) => watcher.closes);
    expect(closes.length).toBeGreaterThanOrEqual(watchers.flat().length);
    expect(new Set(closes)).toEqual(new Set([1012]));
    for (const watcher of watchers.flat()) watcher.stop();
  }, 180_000);
});

describe('SIGTERM', () => {
  it('flips /readyz while all is served, then refuses connections, and lets a request that is under way finish', async () => {
    // The last that the rolling restart has brought: one more would cost as much as all that is asked of it.
    const { baton, url } = deployment.apis.at(-1)!;
    const { agent } = await deployment.createWorld({});
    const visit = await deployment.visit(agent, url);
    const held = await deployment.holdConversation(decodePublicId('conversation', visit.conversationId)!);
    const under = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${visit.visitor.token}` },
      body: JSON.stringify({
        query: 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { sequence } } }',
        variables: { input: { conversationId: visit.conversationId, text: 'under way', clientNonce: '1' } },
      }),
    });
    await until('it waits for the lock', () => held.isWaitedFor());
    const ended = baton.end('SIGTERM');
    await until('not ready', async () => !(await isReady(url)));
    // It was an answer that said so, and whoever comes in spite of it is served.
    expect((await fetch(new URL('/readyz', url))).status).toBe(503);
    expect((await visit.visitor.post('{ viewer { __typename } }')).data).toBeTruthy();
    await until('connections are refused', () =>
      fetch(new URL('/healthz', url)).then(
        () => false,
        () => true,
      ),
    );
    await held.release();
    const response = await under;
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toEqual({ data: { sendMessage: { message: { sequence: 1 } } } });
    // 1 would mean that its bound ended it.
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  }, 120_000);

  it('is given more time than delay and drain take, whatever they are set to', () => {
    for (const [readyDelaySeconds, drainSeconds] of [
      [0, 0],
      [120, 600],
    ] as const) {
      const bound = stopBoundMs({ server: { readyDelaySeconds, drainSeconds } });
      // What follows them: requests 10 s at most, workers 15 s.
      expect(bound).toBeGreaterThan((readyDelaySeconds + drainSeconds + 25) * 1000);
    }
  });
});
