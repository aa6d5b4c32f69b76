import { type Principal, readerIdOf } from '../../../domain/actor';
import type { Author } from '../../../domain/conversation/decide-writing';
import type { ResponderKind } from '../../../domain/conversation/responder-kind';
import type { NewEvent } from '../../../domain/events';
import type { Conversation } from '../../../entities/conversation';
import type { Message } from '../../../entities/message';
import { eventOf, nextMessage } from '../locked-conversation';
import type { SendMessage } from '../sent-message';
import { newTurn } from '../turns';

/** A conversation as a batch has read it. */
export interface BatchConversation {
  /** Moves on with every message that is drafted. */
  readonly row: Conversation;
  readonly isLocked: boolean;
  readonly responderKind: ResponderKind;
  /** What an operator has left for the AI. */
  readonly brief: string | null;
  /** Of the database, under the locks. */
  readonly now: Date;
}

interface ReadMark {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly readerId: string;
  readonly sequence: number;
}

/** What a batch is going to write, collected message by message: the same rows and events as of one message alone. */
export class BatchDraft {
  private readonly events: NewEvent[] = [];
  private readonly moved = new Set<Conversation>();
  private readonly reads = new Map<string, ReadMark>();
  /** The turn of this batch that is open, by conversation. Null: none is, as the agent has no responder. */
  private readonly openTurns = new Map<string, string | null>();
  private readonly superseded: string[] = [];
  private now: Date | null = null;

  write(to: BatchConversation, author: Author, principal: Principal, input: SendMessage): Message {
    const { row, now } = to;
    const { text, clientNonce } = input;
    const message = nextMessage(row, { kind: 'TEXT', ...author, text, clientNonce, handoffId: null }, now);
    row.version += 1;
    this.now = now;
    this.moved.add(row);
    this.events.push(eventOf(row, 'MESSAGE_ADDED', message.id, message));
    if (author.authorKind === 'VISITOR' && row.controller === 'AI') this.passTurn(to, message);
    const { workspaceId, id: conversationId } = row;
    const readerId = readerIdOf(principal);
    this.reads.set(`${conversationId} ${readerId}`, {
      workspaceId,
      conversationId,
      readerId,
      sequence: message.sequence,
    });
    return message;
  }

  /** As `openTurn`, which does it for one message. */
  private passTurn({ row, responderKind, brief, now }: BatchConversation, message: Message): void {
    const earlier = this.openTurns.get(row.id) ?? null;
    if (earlier !== null) this.superseded.push(earlier);
    this.openTurns.set(row.id, null);
    if (responderKind === 'NONE') return;
    const turn = newTurn(row, message, brief, now);
    this.openTurns.set(row.id, turn.id);
    this.events.push(eventOf(row, 'TURN_OPENED', turn.id, turn));
  }

  /** For the statement WRITE. Null: nothing is to be written. */
  get parameters(): unknown[] | null {
    if (this.now === null) return null;
    const moved = [...this.moved].map(({ id, lastSequence, lastMessageAt, version }) => {
      return { id, lastSequence, lastMessageAt, version };
    });
    const json = [this.events, moved, [...this.reads.values()]].map((rows) => JSON.stringify(rows));
    return [...json, [...this.openTurns.keys()], this.superseded, this.now, moved.map(({ id }) => id)];
  }
}
