import { type LaneBounds, Lanes, type Waiting } from '../../src/lanes/lanes';
import { Patience } from '../../src/lanes/patience';

const WAIT_MS = 10;
/** Longer than anything is remembered. */
const SILENCE_MS = 1000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** Lanes that answer at once, unless told to hold on; what went together is told as `lane: askers`. */
function startLanes(bounds: Partial<LaneBounds> = {}) {
  const runs: string[] = [];
  const held: (() => void)[] = [];
  const state = { isHolding: false };
  const run = async (batch: readonly Waiting<string, string>[], lane: string): Promise<void> => {
    runs.push(`${lane}: ${batch.map(({ item }) => item).join(' ')}`);
    if (state.isHolding) await new Promise<void>((resolve) => held.push(resolve));
    for (const { item, resolve } of batch) resolve(item);
  };
  const patience = new Patience<string>({ waitMs: WAIT_MS, askerOf: (asker) => asker });
  const lanes = new Lanes(run, { batch: 4, running: 2, waiting: 100, waitingInLane: 50, ...bounds }, patience);
  const ask = (asker: string, lane = '1'): Promise<string> => lanes.add(lane, asker);
  return { lanes, runs, held, state, ask };
}

/** So much later, everything done that can be: a lane lets a few turns of the loop go by between two batches. */
async function later(ms = 0): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('lanes with patience', () => {
  it('let the first after a silence go at once, and those who come soon after wait for each other', async () => {
    const { runs, ask } = startLanes();
    const answers = [ask('a')];
    await later(5);
    answers.push(ask('b'));
    await later(5);
    answers.push(ask('c'));
    await later(4);
    expect(runs).toEqual(['1: a']);
    await later(1);
    expect(runs).toEqual(['1: a', '1: b c']);
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
    await later(SILENCE_MS);
    const last = ask('d');
    await later();
    expect(runs).toEqual(['1: a', '1: b c', '1: d']);
    await last;
  });

  it('keep nobody waiting who asks again after an answer, nor those who wait already', async () => {
    const { runs, ask } = startLanes();
    await ask('a');
    await later(5);
    const waiting = ask('b');
    await later();
    expect(runs).toEqual(['1: a']);
    expect(await Promise.all([ask('a'), waiting])).toEqual(['a', 'b']);
    expect(runs).toEqual(['1: a', '1: b a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('take somebody who has thought about the answer for a stranger again', async () => {
    const { runs, ask } = startLanes();
    await ask('a');
    await later(SILENCE_MS);
    void ask('b');
    const waiting = ask('a');
    await later(WAIT_MS - 1);
    expect(runs).toEqual(['1: a', '1: b']);
    await later(1);
    expect(await waiting).toBe('a');
  });

  it('know company by the lane', async () => {
    const { runs, ask } = startLanes();
    const answers = [ask('a', '1'), ask('b', '2')];
    await later();
    expect(runs).toEqual(['1: a', '2: b']);
    await Promise.all(answers);
  });

  it('let a full batch go', async () => {
    const { runs, ask } = startLanes();
    await ask('a');
    await later();
    const answers = ['b', 'c', 'd', 'e', 'f'].map((asker) => ask(asker));
    await later();
    expect(runs).toEqual(['1: a', '1: b c d e']);
    await later(WAIT_MS);
    expect(runs).toEqual(['1: a', '1: b c d e', '1: f']);
    await Promise.all(answers);
  });

  it('run others while a lane waits for company', async () => {
    const { runs, ask } = startLanes({ running: 1 });
    await ask('a', '1');
    await later();
    const waiting = ask('b', '1');
    expect(await ask('c', '2')).toBe('c');
    expect(runs).toEqual(['1: a', '2: c']);
    await later(WAIT_MS);
    expect(await waiting).toBe('b');
  });

  it('count the time that a batch before them took', async () => {
    const { runs, held, state, ask } = startLanes();
    state.isHolding = true;
    const answers = [ask('a'), ask('b')];
    await later(WAIT_MS);
    expect(runs).toEqual(['1: a']);
    state.isHolding = false;
    held[0]!();
    await later();
    expect(runs).toEqual(['1: a', '1: b']);
    await Promise.all(answers);
  });

  it('are not idle while one waits for company', async () => {
    const { lanes, ask } = startLanes();
    await ask('a');
    await later();
    await lanes.idle();
    const waiting = ask('b');
    let isIdle = false;
    const idle = lanes.idle().then(() => {
      isIdle = true;
    });
    await later(WAIT_MS - 1);
    expect(isIdle).toBe(false);
    await later(1);
    await idle;
    expect(await waiting).toBe('b');
  });
});
