import { queueBackEnds } from '../jobs/back-ends';
import { until } from '../realtime/support';
import { finish, gate, piece, says } from '../support/model-server';
import { TurnBench } from './turn-bench';
import { startWorkerProcess } from './worker-process';

describe.each(queueBackEnds(13))('a worker process that stops, with queues on $name', ({ redisUrl }) => {
  it('breaks off its generation, and another process answers at once', async () => {
    const bench = await TurnBench.start(redisUrl);
    await bench.reset();
    bench.model.script([piece('Half'), gate('never'), finish()]);
    bench.model.byDefault(says('Whole.'));
    await bench.say('Hello');
    const request = await bench.model.received(1);
    const other = await startWorkerProcess({ databaseUrl: bench.databaseUrl, redisUrl, smtpUrl: 'smtp://127.0.0.1:1' });
    await bench.worker.stop();
    expect(await request.closedByClient).toBe(true);

    const answers = async (): Promise<{ text: string }[]> =>
      other.source.query(`select text from messages where conversation_id = $1 and author_kind = 'AI'`, [
        bench.world.conversation.id,
      ]);
    await until('the answer', async () => (await answers()).length > 0);
    expect(await answers()).toEqual([{ text: 'Whole.' }]);
    bench.model.release('never');
    await other.stop();
    await bench.model.close();
    await bench.stop();
  });
});
