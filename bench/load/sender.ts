import { randomUUID } from 'node:crypto';
import { answerQuestions, liveWithStarter } from '../stage/questions';
import { percentile } from '../arithmetic';
import { HttpConnection } from './http-connection';
import { type Pace, paced } from './pace';
import { now, stampedText } from './stamp';

/** A process that posts operations: in a closed loop as fast as it is answered, or in an open one at a given pace. */

export interface Caller {
  readonly token: string | null;
  /** Put into `input` of a message that is sent, beside a new nonce and a stamped text. Null: the variables stay as they are. */
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly variables?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly port: number;
  readonly path: string;
  readonly query: string;
  /** Each has a connection of its own. */
  readonly callers: readonly Caller[];
}
export type ClosedLoop = Operation & { readonly milliseconds: number };
export type OpenLoop = Operation & { readonly pace: Pace };

export interface Sent {
  readonly answered: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface Line {
  readonly caller: Caller;
  readonly connection: HttpConnection;
}

/** Throws on an answer that is not what the operation is for: a benchmark of refusals would be fast. */
async function post({ path, query }: Operation, { caller, connection }: Line, dueAt = now()): Promise<number> {
  const variables =
    caller.input === null
      ? (caller.variables ?? {})
      : { input: { ...caller.input, clientNonce: randomUUID(), text: stampedText(dueAt) } };
  const begun = performance.now();
  const { status, body } = await connection.post(path, caller.token, JSON.stringify({ query, variables }));
  const took = performance.now() - begun;
  if (status !== 200 || body.includes('"errors":[') || body.includes('"code":"') || !body.startsWith('{"data":{')) {
    throw new Error(`HTTP ${status} ${body.slice(0, 500)}`);
  }
  return took;
}

async function withLines<Result>(operation: Operation, work: (lines: Line[]) => Promise<Result>): Promise<Result> {
  const lines = operation.callers.map((caller) => ({ caller, connection: new HttpConnection(operation.port) }));
  try {
    return await work(lines);
  } finally {
    for (const { connection } of lines) connection.close();
  }
}

function sentOf(latencies: readonly number[], milliseconds: number): Sent {
  return {
    answered: latencies.length,
    perSecond: (latencies.length * 1000) / milliseconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

liveWithStarter();
answerQuestions({
  /** Every caller sends its next one as soon as it is answered. */
  closedLoop: (operation: ClosedLoop): Promise<Sent> =>
    withLines(operation, async (lines) => {
      const latencies: number[] = [];
      const begun = performance.now();
      const send = async (line: Line): Promise<void> => {
        while (performance.now() - begun < operation.milliseconds) latencies.push(await post(operation, line));
      };
      await Promise.all(lines.map(send));
      return sentOf(latencies, performance.now() - begun);
    }),
  /** Sends at its moments whether or not the last one was answered; who is still busy then sends later. */
  openLoop: (operation: OpenLoop): Promise<Sent> =>
    withLines(operation, async (lines) => {
      const latencies: number[] = [];
      const begun = performance.now();
      const queues = lines.map(() => Promise.resolve());
      await paced(operation.pace, (number) => {
        const place = number % lines.length;
        const [line, queue] = [lines[place], queues[place]];
        if (line === undefined || queue === undefined) throw new Error('An open loop needs callers.');
        // Stamped with when it was due: waiting for a busy line counts as part of the delivery's time.
        const dueAt = now();
        queues[place] = queue.then(async () => void latencies.push(await post(operation, line, dueAt)));
        // Its error is thrown by the wait below; until then it must not count as unhandled.
        queues[place].catch(() => undefined);
      });
      await Promise.all(queues);
      return sentOf(latencies, performance.now() - begun);
    }),
});
