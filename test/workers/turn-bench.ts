import { handBackToAi } from '../../src/commands/conversation/hand-back-to-ai';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../src/commands/conversation/take-over-conversation';
import { newId } from '../../src/database/ids';
import type { ReplyDeltaSignal } from '../../src/realtime/signals';
import { type ModelServer, startModelServer } from '../support/model-server';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld, type World } from '../support/world';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

export interface Line {
  author_kind: string;
  kind: string;
  text: string;
}

/** A worker process, a model, and a visitor and an operator who talk. */
export class TurnBench {
  model!: ModelServer;
  world!: World;

  private constructor(
    private readonly server: TestDatabase,
    private readonly inbox: SmtpInbox,
    readonly worker: WorkerProcess,
  ) {}

  static async start(redisUrl: string | null): Promise<TurnBench> {
    const server = await createTestDatabase();
    const inbox = await startSmtpInbox();
    const options = { databaseUrl: server.url, redisUrl, smtpUrl: inbox.url, modelTimeoutMs: 1500 };
    return new TurnBench(server, inbox, await startWorkerProcess(options));
  }

  /** A model and a world of their own for the next test. */
  async reset(): Promise<void> {
    this.model = await startModelServer();
    const agent = { responderUrl: this.model.url, responderModel: 'm', responderInstructions: 'Sell tea.' };
    this.world = await createWorld(this.worker.source, { agent: { ...agent, responderKind: 'OPENAI_COMPATIBLE' } });
  }

  get databaseUrl(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    await this.worker.stop();
    await this.inbox.stop();
    await this.server.drop();
  }

  async say(text: string): Promise<void> {
    const input = { conversationId: this.world.conversation.id, clientNonce: newId(), text };
    expect((await sendMessage(this.worker.database, this.world.visitor.principal, input)).refusals).toEqual([]);
  }

  async takeOver(): Promise<void> {
    const input = { conversationId: this.world.conversation.id, expectedControlEpoch: null };
    const { refusals } = await takeOverConversation(this.worker.database, this.world.operator.principal, input);
    expect(refusals).toEqual([]);
  }

  async handBack(brief: string | null): Promise<void> {
    const input = { conversationId: this.world.conversation.id, brief };
    expect((await handBackToAi(this.worker.database, this.world.operator.principal, input)).refusals).toEqual([]);
  }

  async transcript(): Promise<Line[]> {
    return this.ask('select author_kind, kind, text from messages where conversation_id = $1 order by sequence');
  }

  async aiSaid(): Promise<string[]> {
    return (await this.transcript()).filter((line) => line.author_kind === 'AI').map((line) => line.text);
  }

  async turns(): Promise<{ state: string; detail: string | null }[]> {
    return this.ask('select state, detail from turns where conversation_id = $1 order by id');
  }

  async states(): Promise<string[]> {
    return (await this.turns()).map((turn) => turn.state);
  }

  async notified(): Promise<{ kind: string; title: string; body: string }[]> {
    return this.ask('select kind, title, body from notifications where conversation_id = $1 order by id');
  }

  /** Events of the conversation, dispatched or not. */
  async eventCount(): Promise<number> {
    const [row] = await this.ask<{ count: number }>(
      `select ((select count(*) from events where conversation_id = $1)
        + (select count(*) from outbox where conversation_id = $1))::int as count`,
    );
    return row!.count;
  }

  /** The pieces of replies that the worker published for the conversation. */
  deltas(): ReplyDeltaSignal[] {
    return this.worker.signals.items.filter(
      (signal): signal is ReplyDeltaSignal =>
        signal.kind === 'REPLY_DELTA' && signal.conversationId === this.world.conversation.id,
    );
  }

  private ask<Row>(sql: string): Promise<Row[]> {
    return this.worker.source.query<Row[]>(sql, [this.world.conversation.id]);
  }
}
