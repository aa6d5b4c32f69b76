import { AsyncLocalStorage } from 'node:async_hooks';
import { BusyError, type LaneBounds, Lanes, type Waiting } from '../../src/lanes/lanes';

interface Run {
  readonly lane: string;
  readonly items: string[];
  end(error?: Error): void;
}

/** Lanes whose batches end when the test says so, each item with itself in capitals as its answer. */
function startLanes(bounds: Partial<LaneBounds> = {}): { lanes: Lanes<string, string>; runs: Run[] } {
  const runs: Run[] = [];
  const run = (batch: readonly Waiting<string, string>[], lane: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        for (const { item, resolve: answer } of error === undefined ? batch : []) answer(item.toUpperCase());
        if (error === undefined) resolve();
        else reject(error);
      };
      runs.push({ lane, items: batch.map(({ item }) => item), end });
    });
  const lanes = new Lanes(run, { batch: 3, running: 2, waiting: 100, waitingInLane: 50, ...bounds });
  return { lanes, runs };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Until everything that can go on has: a lane lets a few turns of the loop go by between two batches. */
async function settled(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await turn();
}
const seen = (runs: readonly Run[]): string[] => runs.map(({ lane, items }) => `${lane}: ${items.join(' ')}`);

describe('lanes', () => {
  it('let the first go at once and by itself, and the others together in the order of arrival', async () => {
    const { lanes, runs } = startLanes();
    const answers = ['a', 'b', 'c', 'd', 'e'].map((item) => lanes.add('1', item));
    expect(seen(runs)).toEqual(['1: a']);
    runs[0]!.end();
    await settled();
    expect(seen(runs)).toEqual(['1: a', '1: b c d']);
    runs[1]!.end();
    await settled();
    runs[2]!.end();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(seen(runs)).toEqual(['1: a', '1: b c d', '1: e']);
  });

  it('take along who was answered just now and asks again at once', async () => {
    const { lanes, runs } = startLanes();
    const again = lanes.add('1', 'a').then(() => lanes.add('1', 'c'));
    const other = lanes.add('1', 'b');
    runs[0]!.end();
    await settled();
    expect(seen(runs)).toEqual(['1: a', '1: b c']);
    runs[1]!.end();
    expect(await Promise.all([again, other])).toEqual(['C', 'B']);
  });

  it('wait after a batch of several, while more keep coming, so that the first does not go alone', async () => {
    const { lanes, runs } = startLanes();
    const answers = ['a', 'b', 'c'].map((item) => lanes.add('1', item));
    runs[0]!.end();
    await settled();
    runs[1]!.end();
    await settled();
    answers.push(lanes.add('1', 'd'));
    await turn();
    answers.push(lanes.add('1', 'e'));
    await settled();
    expect(seen(runs)).toEqual(['1: a', '1: b c', '1: d e']);
    runs[2]!.end();
    await settled();
    answers.push(lanes.add('1', 'f'));
    await settled();
    runs[3]!.end();
    await settled();
    // The last batch was of one: nobody is expected.
    answers.push(lanes.add('1', 'g'));
    expect(seen(runs).slice(3)).toEqual(['1: f', '1: g']);
    runs[4]!.end();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G']);
  });

  it('run a lane once at a time, so many of them, and take turns', async () => {
    const { lanes, runs } = startLanes({ batch: 1 });
    const all = ['1', '1', '1', '2', '3', '3'].map((lane, at) => lanes.add(lane, String(at)));
    expect(seen(runs)).toEqual(['1: 0', '2: 3']);
    for (let at = 0; at < all.length; at += 1) {
      runs[at]!.end();
      await settled();
    }
    expect(seen(runs)).toEqual(['1: 0', '2: 3', '1: 1', '3: 4', '1: 2', '3: 5']);
    await Promise.all(all);
  });

  it('give a failure to everybody of the batch that has no answer, and to nobody else', async () => {
    const { lanes, runs } = startLanes();
    const results = Promise.allSettled(['a', 'b', 'c'].map((item) => lanes.add('1', item)));
    runs[0]!.end();
    await settled();
    runs[1]!.end(new Error('gone'));
    const reason = expect.objectContaining({ message: 'gone' });
    expect(await results).toEqual([
      { status: 'fulfilled', value: 'A' },
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    const next = lanes.add('1', 'd');
    await settled();
    runs[2]!.end();
    expect(await next).toBe('D');
  });

  it.each([
    ['in one lane', { waitingInLane: 2 }, '1'],
    ['in all together', { waiting: 2 }, '2'],
  ])('refuse what is too much %s, and take it again when there is room', async (_where, bounds, lane) => {
    const { lanes, runs } = startLanes({ running: 1, ...bounds });
    const taken = ['a', 'b', 'c'].map((item) => lanes.add('1', item));
    await expect(lanes.add(lane, 'd')).rejects.toThrow(BusyError);
    runs[0]!.end();
    await settled();
    taken.push(lanes.add(lane, 'e'));
    for (let at = 1; at < 3; at += 1) {
      await settled();
      runs[at]!.end();
    }
    expect(await Promise.all(taken)).toEqual(['A', 'B', 'C', 'E']);
  });

  it('are idle when nothing waits and nothing runs', async () => {
    const { lanes, runs } = startLanes();
    await lanes.idle();
    const answers = Promise.all([lanes.add('1', 'a'), lanes.add('1', 'b')]);
    let isIdle = false;
    const idle = lanes.idle().then(() => {
      isIdle = true;
    });
    runs[0]!.end();
    await settled();
    expect(isIdle).toBe(false);
    runs[1]!.end();
    await idle;
    expect(await answers).toEqual(['A', 'B']);
  });

  it('run nothing within the context of who added it, whose trace it would otherwise be a part of', async () => {
    const context = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const lanes = new Lanes<string, string>(
      async (batch) => {
        contexts.push(context.getStore());
        for (const { item, resolve } of batch) resolve(item);
      },
      { batch: 3, running: 2, waiting: 100, waitingInLane: 50 },
    );
    await context.run('a request', () => Promise.all([lanes.add('1', 'a'), lanes.add('1', 'b')]));
    context.disable();
    expect(contexts).toEqual([undefined, undefined]);
  });
});
