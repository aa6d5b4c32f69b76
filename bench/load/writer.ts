import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { createDispatcher } from '../../src/realtime/dispatcher';
import { createHintBus } from '../../src/realtime/hint-bus';
import type { Log } from '../../src/realtime/log';
import { answerQuestions, liveWithStarter } from '../stage/questions';
import type { World } from '../stage/world';
import { type Pace, paced } from './pace';
import { now, stampedText } from './stamp';
import { type Visitor, visitorsOf } from './visitors';

/**
 * A process beside the one that is measured, as another API process would be: it sends messages by the command, with its
 * scope, row-level security, access and nonce, moves them into the log and hints.
 */

export interface WriterSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly poolSize: number;
  readonly world: World;
}

export interface WriteRequest {
  readonly pace: Pace;
  /** Visitors who take turns, each in a conversation of their own and one message after the other. */
  readonly among: number;
}

const log: Log = {
  info: () => undefined,
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
};

let running: { database: Database; visitors: Visitor[] } | null = null;

async function start({ databaseUrl, redisUrl, poolSize, world }: WriterSettings): Promise<void> {
  const source = createDataSource({ url: databaseUrl, poolSize, applicationName: 'baton' });
  await source.initialize();
  const hints = createHintBus({ databaseUrl, redisUrl, log });
  await hints.start();
  const dispatcher = createDispatcher({ source, hints, tail: null, log });
  dispatcher.start();
  running = { database: { source, afterCommit: () => dispatcher.kick() }, visitors: visitorsOf(world) };
}

/** At its moments, whatever became of the messages before. Resolves when the last one is committed. */
async function write({ pace, among }: WriteRequest): Promise<void> {
  if (running === null) throw new Error('Start it first.');
  const { database, visitors } = running;
  const lines = visitors.slice(0, among).map((visitor) => ({ visitor, last: Promise.resolve() }));
  await paced(pace, (number) => {
    const line = lines[number % lines.length];
    if (line === undefined) throw new Error('Nobody is there to write.');
    const dueAt = now();
    line.last = line.last.then(() => send(database, line.visitor, dueAt));
    // Its error is thrown by the wait below; until then it must not count as unhandled.
    line.last.catch(() => undefined);
  });
  await Promise.all(lines.map(({ last }) => last));
}

async function send(database: Database, { principal, conversationId }: Visitor, dueAt: number): Promise<void> {
  const input = { conversationId, clientNonce: randomUUID(), text: stampedText(dueAt) };
  const outcome = await sendMessage(database, principal, input);
  if (outcome.refusals.length > 0) throw new Error(`A message was refused: ${JSON.stringify(outcome.refusals)}`);
}

liveWithStarter();
answerQuestions({ startWriter: start, write });
