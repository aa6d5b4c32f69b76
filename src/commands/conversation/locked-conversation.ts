import type { Transaction } from '../../database/transact';
import { newId } from '../../database/ids';
import type { Principal } from '../../domain/actor';
import type { AttachedFile } from '../../domain/attachment/attached-file';
import type { EventName, NewEvent } from '../../domain/events';
import type { AuthorKind, MessageKind } from '../../domain/conversation/states';
import type { Control } from '../../domain/conversation/decide-control';
import { type ConversationOperation, mayOnConversation } from '../../domain/policies/conversation-policy';
import { Agent } from '../../entities/agent';
import { Conversation } from '../../entities/conversation';
import { Message } from '../../entities/message';
import { attachFiles } from '../attachment/attach-files';

export interface MessageDraft {
  readonly kind: MessageKind;
  readonly authorKind: AuthorKind;
  readonly authorUserId: string | null;
  readonly text: string;
  readonly clientNonce: string | null;
  readonly handoffId: string | null;
  /** Left out and null: none. */
  readonly attachments?: readonly AttachedFile[] | null;
}

/**
 * A conversation under its row lock. Everything that happens in a conversation goes through here, one transaction after
 * the other: that is what makes `sequence` dense and control a single fact.
 *
 * Changes collect in `row` and are written once, by `save`, which also appends the events in the order in which they
 * are to be told.
 */
export class LockedConversation {
  private changed = false;
  private controlMoved = false;

  constructor(
    readonly transaction: Transaction,
    readonly row: Conversation,
    readonly agent: Agent,
    /** Taken after the lock: later than everything that happened in this conversation before. */
    readonly now: Date,
  ) {}

  async write(draft: MessageDraft): Promise<Message> {
    this.changed = true;
    const message = await this.transaction
      .rows(Message, this.row.workspaceId)
      .insert(nextMessage(this.row, draft, this.now));
    await attachFiles(this, message);
    this.tell('MESSAGE_ADDED', message.id, message);
    return message;
  }

  setControl(control: Control): void {
    Object.assign(this.row, control);
    this.row.closedAt = control.status === 'CLOSED' ? this.now : null;
    this.changed = true;
    this.controlMoved = true;
  }

  tell(name: EventName, subjectId: string, snapshot: object | null): void {
    this.transaction.append(eventOf(this.row, name, subjectId, snapshot));
  }

  /** Writes the row once. Without a change it does nothing. */
  async save(): Promise<void> {
    if (!this.changed) return;
    this.row.version += 1;
    const { id, workspaceId: _workspaceId, ...columns } = this.row;
    await this.transaction.rows(Conversation, this.row.workspaceId).update({ id }, columns);
    // Told last, so that its snapshot carries the messages of the same transaction.
    if (this.controlMoved) this.tell('CONVERSATION_CHANGED', id, { ...this.row });
  }
}

/** The message that comes next in the conversation, whose row it moves on. The caller holds the row lock. */
export function nextMessage(row: Conversation, draft: MessageDraft, now: Date): Message {
  row.lastSequence += 1;
  row.lastMessageAt = now;
  return {
    ...draft,
    id: newId(),
    workspaceId: row.workspaceId,
    conversationId: row.id,
    sequence: row.lastSequence,
    attachments: draft.attachments ?? null,
    createdAt: now,
  };
}

/** What is told of a conversation. */
export function eventOf(row: Conversation, name: EventName, subjectId: string, snapshot: object | null): NewEvent {
  return {
    name,
    workspaceId: row.workspaceId,
    organizationId: row.organizationId,
    agentId: row.agentId,
    conversationId: row.id,
    userId: null,
    subjectId,
    snapshot,
  };
}

/** Locks the conversation of that id, whoever may ask: authorize before anything is done with it. Null: there is none. */
export function lockConversation(
  transaction: Transaction,
  workspaceId: string,
  conversationId: string,
): Promise<LockedConversation | null> {
  return lockWhere(transaction, workspaceId, conversationId, () => true);
}

/**
 * The same for somebody who may read it, or whatever else `operation` says. Null: there is none, or it is hidden; both take the same statements, so that
 * the time does not tell which.
 */
export function lockVisible(
  transaction: Transaction,
  principal: Principal,
  conversationId: string,
  operation: ConversationOperation = 'view',
): Promise<LockedConversation | null> {
  return lockWhere(transaction, principal.workspaceId, conversationId, (row) =>
    mayOnConversation(principal, operation, row),
  );
}

async function lockWhere(
  transaction: Transaction,
  workspaceId: string,
  conversationId: string,
  isVisible: (row: Conversation) => boolean,
): Promise<LockedConversation | null> {
  const row = await transaction.rows(Conversation, workspaceId).lock({ id: conversationId });
  if (row === null || !isVisible(row)) return null;
  const agent = await transaction.rows(Agent, workspaceId).find({ id: row.agentId });
  if (agent === null) throw new Error(`Agent ${row.agentId} of conversation ${row.id} does not exist.`);
  return new LockedConversation(transaction, row, agent, await transaction.now());
}
