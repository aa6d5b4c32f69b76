import type { Database } from '../../src/database/database';
import { dispatchOutbox } from '../../src/database/outbox';
import { ROUTER, routeEvents } from '../../src/workers/route-events';
import { watchedSource } from '../support/watched-source';
import { ids, RoutingBench } from './routing-bench';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await RoutingBench.start();
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

describe('the router', () => {
  it('leaves the log to the process that routes already', async () => {
    await bench.request();
    await dispatchOutbox(bench.source);
    await bench.source.transaction(async (manager) => {
      await manager.query('select * from event_consumers where name = $1 for update', [ROUTER]);
      expect(await routeEvents(bench.database, 200)).toBeNull();
    });
    expect((await routeEvents(bench.database, 200))?.events).toBeGreaterThan(0);
  });

  it('killed at any step, loses nothing and doubles nothing', async () => {
    await bench.choose(bench.world.operator.id, ['EMAIL', 'PUSH'], 'REQUESTS_ONLY');
    await bench.registerBrowser(bench.world.operator.id);
    await bench.request();
    await dispatchOutbox(bench.source);
    let steps = 0;
    for (; ; steps += 1) {
      const result = await routeEvents(dyingAt(steps), 200).catch((error: unknown) => error);
      if (!(result instanceof Died)) break;
      expect(await bench.told()).toEqual([]);
    }
    // Lock, events, clock, conversations, texts, operators, notifications, browsers, deliveries, outbox, position …
    expect(steps).toBeGreaterThan(8);
    await bench.drain();
    expect(ids(await bench.told())).toEqual(bench.operators());
    expect(await bench.eventsOf('DELIVERY_ADDED')).toHaveLength(bench.operators().length + 1);
  });

  it('sent back to the beginning of the log, doubles nothing', async () => {
    await bench.request();
    await bench.drain();
    const [before, events] = [await bench.told(), await bench.eventsOf('NOTIFICATION_ADDED')];
    await bench.source.query('update event_consumers set position = 0 where name = $1', [ROUTER]);
    await bench.drain();
    expect(await bench.told()).toEqual(before);
    expect(await bench.eventsOf('NOTIFICATION_ADDED')).toHaveLength(events.length);
  });
});

class Died extends Error {}

/** A bench.database whose process dies before the statement of that number, the first of which begins the transaction. */
function dyingAt(step: number): Database {
  let count = 0;
  const source = watchedSource(bench.source, (sql) => {
    if (sql === 'rollback') return;
    if (count === step) throw new Died('The process died.');
    count += 1;
  });
  return { source, afterCommit: () => undefined };
}
