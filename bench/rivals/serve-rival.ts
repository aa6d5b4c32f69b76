import type { Server } from 'node:http';
import { type Pace, paced } from '../load/pace';
import { answerQuestions, liveWithStarter } from '../stage/questions';
import { type MessageAdded, messageAdded } from './event';

export interface RunningRival {
  readonly port: number;
  /** Hands one event to everybody who listens. */
  publish(event: MessageAdded): unknown;
}

/** Lets the benchmark start a rival in this process, and publish in it: no request path is measured with the fan-out. */
export function serveRival(start: (settings: never) => Promise<RunningRival>): void {
  let running: RunningRival | null = null;
  liveWithStarter();
  answerQuestions({
    start: async (settings: never): Promise<number> => {
      running = await start(settings);
      return running.port;
    },
    publish: async (pace: Pace): Promise<void> => {
      if (running === null) throw new Error('Start it first.');
      const rival = running;
      await paced(pace, (number) => void rival.publish(messageAdded(number + 1)));
    },
  });
}

export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('a TCP server has no port'));
      else resolve(address.port);
    });
  });
}
