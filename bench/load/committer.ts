import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { answerQuestions, liveWithStarter } from '../stage/questions';
import type { World } from '../stage/world';
import { stampedText } from './stamp';
import { type Visitor, visitorsOf } from './visitors';

/** A process that sends messages by the command, where a request would have arrived: its scope, row-level security, access, nonce. */

export interface CommitRequest {
  readonly milliseconds: number;
  readonly senders: number;
  /** Visitors and conversations to choose from, by chance. */
  readonly among: number;
}

let running: { database: Database; visitors: Visitor[] } | null = null;

async function start({ url, poolSize, world }: { url: string; poolSize: number; world: World }): Promise<void> {
  const source: DataSource = createDataSource({ url, poolSize, applicationName: 'baton' });
  await source.initialize();
  // Nobody moves the outbox on: the statement that this is compared with does not do that either.
  running = { database: { source, afterCommit: () => undefined }, visitors: visitorsOf(world) };
}

async function commit({ milliseconds, senders, among }: CommitRequest): Promise<number> {
  if (running === null) throw new Error('Start it first.');
  const { database, visitors } = running;
  const begun = performance.now();
  let committed = 0;
  const send = async (): Promise<void> => {
    while (performance.now() - begun < milliseconds) {
      const chosen = visitors[Math.floor(Math.random() * among)];
      if (chosen === undefined) throw new Error(`There are no ${among} conversations.`);
      const { principal, conversationId } = chosen;
      const input = { conversationId, clientNonce: randomUUID(), text: stampedText() };
      const outcome = await sendMessage(database, principal, input);
      if (outcome.refusals.length > 0) throw new Error(`A message was refused: ${JSON.stringify(outcome.refusals)}`);
      committed += 1;
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return (committed * 1000) / (performance.now() - begun);
}

liveWithStarter();
answerQuestions({ start, commit });
