import type { DataSource } from 'typeorm';
import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../../src/commands/conversation/cancel-handoff';
import { closeConversation } from '../../../src/commands/conversation/close-conversation';
import { expireHandoff } from '../../../src/commands/conversation/expire-handoff';
import { handBackToAi } from '../../../src/commands/conversation/hand-back-to-ai';
import type { HandoffOutcome } from '../../../src/commands/conversation/handoff-outcome';
import { postAgentReply } from '../../../src/commands/conversation/post-agent-reply';
import { requestHandoff } from '../../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import type { SentMessage } from '../../../src/commands/conversation/sent-message';
import { takeOverConversation } from '../../../src/commands/conversation/take-over-conversation';
import { transferHandoff, type TransferHandoff } from '../../../src/commands/conversation/transfer-handoff';
import { createDataSource } from '../../../src/database/data-source';
import type { Database } from '../../../src/database/database';
import { newId } from '../../../src/database/ids';
import type { EventName } from '../../../src/domain/events';
import type { Outcome, Refusal } from '../../../src/domain/refusal';
import { Agent } from '../../../src/entities/agent';
import { Conversation } from '../../../src/entities/conversation';
import { Handoff } from '../../../src/entities/handoff';
import { HandoffHold } from '../../../src/entities/handoff-hold';
import { Message } from '../../../src/entities/message';
import { Note } from '../../../src/entities/note';
import { Turn } from '../../../src/entities/turn';
import { createTestDatabase } from '../../support/test-database';
import { createWorld, type World } from '../../support/world';

export interface StageDatabase extends Database {
  /** The superuser's: a scope turns it into the role that commands have. */
  readonly source: DataSource;
  /** Of the role that Baton runs as. */
  readonly applicationUrl: string;
  /** A pool of that role, which ends with the database. */
  openApplication(): Promise<DataSource>;
  close(): Promise<void>;
}

/** A database of its own for a test file. */
export async function openDatabase(poolSize = 10, keepsPlans = true): Promise<StageDatabase> {
  const { url, applicationUrl, drop } = await createTestDatabase();
  const source = createDataSource({ url, poolSize, keepsPlans, applicationName: 'baton-test' });
  await source.initialize();
  const applications: DataSource[] = [];
  const openApplication = async (): Promise<DataSource> => {
    const application = createDataSource({ url: applicationUrl, poolSize: 4, applicationName: 'baton-test' });
    await application.initialize();
    applications.push(application);
    return application;
  };
  const close = async (): Promise<void> => {
    for (const application of applications) await application.destroy();
    await source.destroy();
    await drop();
  };
  return { source, applicationUrl, openApplication, afterCommit: () => undefined, close };
}

type Person = 'owner' | 'admin' | 'operator' | 'secondOperator' | 'limited' | 'viewer' | 'otherMember';

/** A world and its one conversation, with short names for what its people do there. */
export class Stage {
  constructor(
    readonly database: Database,
    readonly world: World,
    readonly conversationId: string,
  ) {}

  says(text: string, clientNonce = newId()): Promise<Outcome<SentMessage>> {
    return this.writes('visitor', text, clientNonce);
  }

  writes(who: Person | 'visitor', text: string, clientNonce = newId()): Promise<Outcome<SentMessage>> {
    const { conversationId } = this;
    return sendMessage(this.database, this.world[who].principal, { conversationId, clientNonce, text });
  }

  replies(text: string, controlEpoch: number, clientNonce = newId()): Promise<Outcome<SentMessage>> {
    const input = { conversationId: this.conversationId, clientNonce, controlEpoch, text };
    return postAgentReply(this.database, this.world.agentKey.principal, input);
  }

  /** As the visitor; with an epoch as the AI. */
  asks(controlEpoch: number | null = null): Promise<Outcome<HandoffOutcome>> {
    const input = { conversationId: this.conversationId, reason: 'refund', summary: 'wants money', controlEpoch };
    const who = controlEpoch === null ? this.world.visitor : this.world.agentKey;
    return requestHandoff(this.database, who.principal, input);
  }

  async accepts(who: Person = 'operator'): Promise<Outcome<HandoffOutcome>> {
    return acceptHandoff(this.database, this.world[who].principal, { handoffId: await this.newestId() });
  }

  async cancels(who: Person | 'visitor' = 'visitor'): Promise<Outcome<HandoffOutcome>> {
    return cancelHandoff(this.database, this.world[who].principal, { handoffId: await this.newestId() });
  }

  takesOver(who: Person = 'operator', expectedControlEpoch: number | null = null): Promise<Outcome<HandoffOutcome>> {
    const input = { conversationId: this.conversationId, expectedControlEpoch };
    return takeOverConversation(this.database, this.world[who].principal, input);
  }

  /** To somebody, or (null) to the team. */
  async transfers(
    to: Person | null,
    who: Person = 'operator',
    change: Partial<TransferHandoff> = {},
  ): Promise<Outcome<HandoffOutcome>> {
    const toUserId = to && this.world[to].id;
    const input = { handoffId: await this.newestId(), toUserId, note: null, expectedControlEpoch: null, ...change };
    return transferHandoff(this.database, this.world[who].principal, input);
  }

  /** Online, as with an open dashboard. */
  async connects(...people: Person[]): Promise<void> {
    for (const who of people) {
      const values = [newId(), this.world.workspace.id, this.world[who].id];
      await this.database.source.query(
        `insert into presences (process_id, workspace_id, actor_kind, actor_id, until)
         values ($1, $2, 'USER', $3, now() + interval '5 minutes')`,
        values,
      );
    }
  }

  /** Oldest first. */
  holds(): Promise<HandoffHold[]> {
    const { conversationId } = this;
    return this.database.source.manager.find(HandoffHold, { where: { conversationId }, order: { id: 'ASC' } });
  }

  notes(): Promise<Note[]> {
    const { conversationId } = this;
    return this.database.source.manager.find(Note, { where: { conversationId }, order: { id: 'ASC' } });
  }

  handsBack(brief: string | null = null, who: Person = 'operator'): Promise<Outcome<HandoffOutcome>> {
    const { conversationId } = this;
    return handBackToAi(this.database, this.world[who].principal, { conversationId, brief });
  }

  closes(who: Person = 'operator'): Promise<Outcome<HandoffOutcome>> {
    const { conversationId } = this;
    return closeConversation(this.database, this.world[who].principal, { conversationId });
  }

  /** Lets the deadline of the newest handoff be over, by the database's clock, and then comes as the deadline does. */
  async deadlinePasses(): Promise<boolean> {
    const id = await this.newestId();
    await this.database.source.query(`update handoffs set answer_by = now() - interval '1 s' where id = $1`, [id]);
    return this.expires(id);
  }

  expires(id: string): Promise<boolean> {
    return expireHandoff(this.database, {
      id,
      workspaceId: this.world.workspace.id,
      conversationId: this.conversationId,
    });
  }

  row(): Promise<Conversation> {
    return this.database.source.manager.findOneByOrFail(Conversation, { id: this.conversationId });
  }

  async newestId(): Promise<string> {
    return (await this.row()).handoffId ?? newId();
  }

  /** Oldest first. */
  handoffs(): Promise<Handoff[]> {
    const { conversationId } = this;
    return this.database.source.manager.find(Handoff, { where: { conversationId }, order: { id: 'ASC' } });
  }

  messages(): Promise<Message[]> {
    const { conversationId } = this;
    return this.database.source.manager.find(Message, { where: { conversationId }, order: { sequence: 'ASC' } });
  }

  /** "VISITOR hello" for each message of a person or the AI, "SYSTEM …" for each announcement. */
  async transcript(): Promise<string[]> {
    return (await this.messages()).map((message) => `${message.authorKind} ${message.text}`);
  }

  turns(): Promise<Turn[]> {
    const { conversationId } = this;
    return this.database.source.manager.find(Turn, { where: { conversationId }, order: { id: 'ASC' } });
  }

  /** "text STATE" for each turn, oldest first. */
  async turnStates(): Promise<string[]> {
    const texts = new Map((await this.messages()).map((message) => [message.id, message.text]));
    return (await this.turns()).map((turn) => `${texts.get(turn.messageId)} ${turn.state}`);
  }

  async openTurn(): Promise<Turn> {
    const turn = (await this.turns()).find(({ state }) => state === 'OPEN');
    if (turn === undefined) throw new Error('No turn is open.');
    return turn;
  }

  async change(agent: Partial<Agent>): Promise<void> {
    await this.database.source.manager.update(Agent, { id: this.world.agent.id }, agent);
  }

  /** Names of what has been told of this conversation and not dispatched, in order. */
  async told(): Promise<EventName[]> {
    const sql = 'select name from outbox where conversation_id = $1 order by id';
    const rows = await this.database.source.query<{ name: EventName }[]>(sql, [this.conversationId]);
    return rows.map(({ name }) => name);
  }

  /** Everything that a refused command must not have touched. */
  async everything(): Promise<unknown> {
    const own = [this.row(), this.messages(), this.notes(), this.told()] as const;
    return Promise.all([...own, this.handoffs(), this.holds(), this.turns()]);
  }
}

/** The agent's runtime fetches its turns itself, so that turns open and nothing answers them. */
export async function createStage(database: Database, agent: Partial<Agent> = {}): Promise<Stage> {
  const world = await createWorld(database.source, { agent: { responderKind: 'API', ...agent } });
  return new Stage(database, world, world.conversation.id);
}

/** The value of an outcome that must not be a refusal. */
export function accepted<Value>(outcome: Outcome<Value>): Value {
  expect(outcome.refusals).toEqual([]);
  return outcome.value!;
}

/** "CODE path.to.field" of each refusal, for short assertions. */
export function codes(outcome: { readonly refusals: readonly Refusal[] }): string[] {
  return outcome.refusals.map(({ code, path }) => [code, ...(path.length > 0 ? [path.join('.')] : [])].join(' '));
}
