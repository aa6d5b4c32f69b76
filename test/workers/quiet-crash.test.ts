import type { DataSource } from 'typeorm';
import { watchedSource } from '../support/watched-source';
import { DeliveryBench } from './delivery-bench';
import { Night } from './night';

let bench: DeliveryBench;
let night: Night;

beforeAll(async () => {
  bench = await DeliveryBench.start();
  night = new Night(bench);
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

describe('a digest', () => {
  it('killed at any step, doubles nothing and loses nothing', async () => {
    const ids = await night.held('One', 'Two');
    await night.morning();
    let steps = 0;
    for (; ; steps += 1) {
      const died = await bench.send(ids[0]!, { source: dyingAt(steps) }).then(
        () => false,
        (error: unknown) => error instanceof Died,
      );
      if (!died) break;
      expect(await night.digests()).toEqual([]);
      await bench.makeDue(ids[0]!);
    }
    // Taken, read, lock, clock, settings, lines, access, digest, two skips, delivery …
    expect(steps).toBeGreaterThan(8);
    const [digest, ...more] = await night.digests();
    expect(more).toEqual([]);
    for (const id of ids) await bench.send(id);
    await bench.send(digest!.id, { source: dyingWhere('set state =') }).catch(() => undefined);
    expect(await night.digests()).toMatchObject([{ state: 'PENDING' }]);
    await bench.makeDue(digest!.id);
    await bench.send(digest!.id);
    expect(await night.digests()).toMatchObject([{ state: 'SENT' }]);
    const copies = bench.inbox.mails.filter(({ envelope }) => envelope.to.includes(bench.world.operator.row.email));
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('whose mail server drops the connection after the text is tried again under the same Message-ID', async () => {
    const [id] = await night.held('One');
    await night.morning();
    await bench.send(id!);
    const [digest] = await night.digests();
    bench.inbox.failNext({ kind: 'drop', at: 'DATA', keepMail: true });
    await bench.send(digest!.id);
    expect(await night.digests()).toMatchObject([{ state: 'PENDING', tries: 1 }]);
    await bench.makeDue(digest!.id);
    await bench.send(digest!.id);
    expect(await night.digests()).toMatchObject([{ state: 'SENT', tries: 2 }]);
    const ids = bench.inbox.mails
      .filter(({ envelope }) => envelope.to.includes(bench.world.operator.row.email))
      .map(({ messageId }) => messageId);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });
});

class Died extends Error {}

function dyingAt(step: number): DataSource {
  let count = 0;
  return watchedSource(bench.source, (sql) => {
    if (sql === 'rollback') return;
    if (count === step) throw new Died('The process died.');
    count += 1;
  });
}

function dyingWhere(part: string): DataSource {
  return watchedSource(bench.source, (sql) => {
    if (sql.includes(part)) throw new Died('The process died.');
  });
}
