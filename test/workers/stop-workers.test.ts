import { queueBackEnds } from '../jobs/back-ends';
import { until } from '../realtime/support';
import { finish, gate, piece, says } from '../support/model-server';
import { TurnBench } from './turn-bench';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

describe.each(queueBackEnds(13))('a worker process that stops, with queues on $name', ({ redisUrl }) => {
  let bench: TurnBench;
  let other: WorkerProcess | null = null;

  beforeAll(async () => {
    bench = await TurnBench.start(redisUrl);
    await bench.reset();
  });

  afterAll(async () => {
    await other?.stop();
    await bench.model.close();
    await bench.stop();
  });

  it('breaks off its generation, and another process answers at once', async () => {
    bench.model.script([piece('Half'), gate('never'), finish()]);
    bench.model.byDefault(says('Whole.'));
    await bench.say('Hello');
    const request = await bench.model.received(1);
    other = await startWorkerProcess({ databaseUrl: bench.databaseUrl, redisUrl, smtpUrl: 'smtp://127.0.0.1:1' });
    const { source } = other;
    await bench.worker.stop();
    expect(await request.closedByClient).toBe(true);

    const answers = async (): Promise<{ text: string }[]> =>
      source.query(`select text from messages where conversation_id = $1 and author_kind = 'AI'`, [
        bench.world.conversation.id,
      ]);
    await until('the answer', async () => (await answers()).length > 0);
    expect(await answers()).toEqual([{ text: 'Whole.' }]);
  });
});
