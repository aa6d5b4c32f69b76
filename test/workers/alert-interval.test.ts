import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { AlertBench } from './alert-bench';

let bench: AlertBench;

beforeAll(async () => {
  bench = await AlertBench.start();
});

beforeEach(() => bench.reset());

afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});

afterAll(() => bench.stop());

const WROTE = 'Vera wrote a message';

/** One message was told twenty seconds ago, and another one is gathered for the end of the minute. */
async function oneToldOneGathered(): Promise<void> {
  await bench.routing.say('Hello?');
  await bench.routing.drain();
  await bench.pass(3);
  await bench.work();
  await bench.pass(20);
  await bench.routing.say('Are you there?');
  await bench.work();
  expect(bench.mails()).toEqual([WROTE]);
}

const accept = (handoffId: string) =>
  acceptHandoff(bench.routing.database, bench.world.operator.principal, { handoffId });

/** What the operator is mailed of messages within the minute, and then. */
async function toldOfMessages(): Promise<number[]> {
  const count = (): number => bench.mails().filter((subject) => subject === WROTE).length;
  await bench.work();
  const within = count();
  await bench.pass(45);
  await bench.work();
  return [within, count()];
}

describe('what a visitor says behind a request that took in what was gathered', () => {
  it('is told an interval behind what has left, when all of it is read at once', async () => {
    await oneToldOneGathered();
    await accept(await bench.routing.request());
    await bench.routing.say('Thank you for coming.');
    expect(await toldOfMessages()).toEqual([1, 2]);
  });

  it('is told then, and not lost with what was taken in, when the request was read before', async () => {
    await oneToldOneGathered();
    const handoffId = await bench.routing.request();
    await bench.work();
    await accept(handoffId);
    await bench.work();
    await bench.routing.say('Thank you for coming.');
    expect(await toldOfMessages()).toEqual([1, 2]);
  });
});
