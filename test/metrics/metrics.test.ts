import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodePublicId } from '../../src/domain/public-id';
import { createMetrics } from '../../src/metrics/metrics';
import { commitEvents, LogBook, until } from '../realtime/support';
import { startTestApi, type TestApi } from '../support/api';
import { Caller } from '../support/api-client';
import { CONVERSATION_EVENTS, type EventView } from '../support/documents';
import { createWorld, type World } from '../support/world';
import { Scrape } from './scrape';

let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await startTestApi({ env: { METRICS_PORT: '0', BATON_LIMITS: 'typing=1/60' } });
  world = await createWorld(api.source);
});
afterAll(() => api.stop());

const scrape = (): Promise<Scrape> => Scrape.of(api.core.metricsPort!);

/** Waits until a scrape has this value there. */
async function untilValue(line: string, expected: number): Promise<void> {
  await until(`${line} is ${expected}`, async () => (await scrape()).value(line) === expected);
}

describe('the metrics of a process', () => {
  it('are those of docs/OPERATIONS.md, and those are all', async () => {
    const guide = readFileSync(join(__dirname, '../../docs/OPERATIONS.md'), 'utf8');
    const told = [...guide.matchAll(/^\| `((?:baton|nodejs|process)_\w+)(?:\{[^`]*\})?` \|/gm)].map(
      ([, name]) => name!,
    );
    const names = (await scrape()).names();
    expect(told.filter((name) => name.startsWith('baton_')).toSorted()).toEqual(
      names.filter((name) => name.startsWith('baton_')).toSorted(),
    );
    // What Node tells is more than anybody has to watch.
    expect(names).toEqual(expect.arrayContaining(told));
  });

  it('have the labels of docs/OPERATIONS.md', async () => {
    const guide = readFileSync(join(__dirname, '../../docs/OPERATIONS.md'), 'utf8');
    const { text } = await scrape();
    for (const [, name, labels] of guide.matchAll(
      /^\| `(baton_(?:pool_connections|admission_waiting|queue_jobs))\{([^`]*)\}` \|/gm,
    )) {
      for (const label of labels!.split(', ')) expect(text).toMatch(new RegExp(`^${name}\\{.*\\b${label}="`, 'm'));
    }
  });

  it('are not to be had where the API is, nor is anything else where they are', async () => {
    expect((await fetch(new URL('/metrics', api.url))).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${api.core.metricsPort}/graphql`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${api.core.metricsPort}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('count requests by kind of operation and status, and what failed or was not let in', async () => {
    const before = await scrape();
    const moved = async (line: string): Promise<number> =>
      ((await scrape()).value(line) ?? 0) - (before.value(line) ?? 0);
    const visitor = new Caller(api.url, world.visitor.token);
    await visitor.post('{ viewer { __typename } }');
    await visitor.post('query Named { viewer { __typename } }');
    await visitor.post('{ viewer {');
    await new Caller(api.url, 'bt_s_not-a-token').post('{ viewer { __typename } }');
    const conversationId = encodePublicId('conversation', world.conversation.id);
    const typing = 'mutation ($input: SetTypingInput!) { setTyping(input: $input) { userErrors { code } } }';
    for (const isTyping of [true, false]) await visitor.post(typing, { input: { conversationId, isTyping } });
    const seconds = 'baton_http_request_duration_seconds_count';
    expect(await moved(`${seconds}{operation="query",status="200"}`)).toBe(3);
    expect(await moved(`${seconds}{operation="mutation",status="200"}`)).toBe(2);
    expect(await moved(`${seconds}{operation="none",status="400"}`)).toBe(1);
    expect(await moved('baton_authentication_failures_total{transport="http"}')).toBe(1);
    expect(await moved('baton_rate_limits_refused_total{limit="typing"}')).toBe(1);
    expect(await moved('baton_request_failures_total')).toBe(0);
  });

  it('follow sockets, streams, the log and the pool', async () => {
    const following = new Caller(api.url, world.visitor.token).subscribe<{ conversationEvents: EventView }>(
      CONVERSATION_EVENTS,
      { id: encodePublicId('conversation', world.conversation.id) },
    );
    await until('ready', () => following.items.length > 0);
    await untilValue('baton_sockets', 1);
    await untilValue('baton_stream_members', 1);
    const before = (await scrape()).value('baton_log_position')!;
    await new Caller(api.url, world.visitor.token).act('sendMessage', {
      conversationId: encodePublicId('conversation', world.conversation.id),
      text: 'Hello',
      clientNonce: 'metrics',
    });
    await until('the log has grown', async () => (await scrape()).value('baton_log_position')! > before);
    await untilValue('baton_log_lag_events', 0);
    await untilValue('baton_outbox_events', 0);
    await following.stop();
    await untilValue('baton_sockets', 0);
    expect((await scrape()).value('baton_pool_size')).toBe(10);
    expect((await scrape()).value('baton_queue_jobs{queue="run-turn",state="active"}')).toBeDefined();
  });

  it('tell of committed events that nobody moves into the log', async () => {
    const { workspaceId } = world.agent;
    const runner = api.source.createQueryRunner();
    await runner.startTransaction();
    // The dispatcher's own lock: whoever holds it keeps every dispatcher of every process waiting.
    await runner.query('select pg_advisory_xact_lock(7341002)');
    await commitEvents(api.source, { name: 'ACCESS_CHANGED', workspaceId }, 1);
    await untilValue('baton_outbox_events', 1);
    expect((await scrape()).value('baton_outbox_age_seconds')).toBeGreaterThan(0);
    await runner.rollbackTransaction();
    await runner.release();
    await untilValue('baton_outbox_events', 0);
  });

  it('see the pool run dry, and leave out what cannot be read then', async () => {
    const { source } = api.core.database;
    const held = Array.from({ length: 10 }, () => source.createQueryRunner());
    await Promise.all(held.map((runner) => runner.connect()));
    const dry = await scrape();
    expect(dry.value('baton_pool_connections{state="busy"}')).toBe(10);
    expect(dry.value('baton_log_position')).toBeUndefined();
    expect(dry.value('baton_scrape_failures_total{source="log"}')).toBe(1);
    // The question for the log's figures itself waits.
    expect((await scrape()).value('baton_pool_waiting')).toBeGreaterThan(0);
    await Promise.all(held.map((runner) => runner.release()));
    await until('the log is told of again', async () => (await scrape()).value('baton_log_position') !== undefined);
  });
});

describe('a source of figures', () => {
  it('that hangs is asked once, and takes no others along', async () => {
    const log = new LogBook();
    const metrics = createMetrics(log);
    let asked = 0;
    metrics.watch.repairs(() => 7);
    metrics.watch.queues(async () => {
      asked += 1;
      await delay(60_000, undefined, { ref: false });
      return [];
    });
    for (const failures of [1, 2]) {
      const { text } = await metrics.exposition();
      expect(text).toMatch(/^baton_hint_losses_repaired_total 7$/m);
      expect(text).toMatch(new RegExp(`^baton_scrape_failures_total\\{source="queues"\\} ${failures}$`, 'm'));
    }
    expect(asked).toBe(1);
    expect(log.lines.map(({ message }) => message)).toEqual(['figures could not be read']);
  });
});
