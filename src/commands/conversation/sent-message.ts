import { IsNull } from 'typeorm';
import { areSameFiles } from '../../domain/attachment/attached-file';
import type { AuthorKind } from '../../domain/conversation/states';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { Message } from '../../entities/message';
import type { LockedConversation } from './locked-conversation';

export interface SendMessage {
  readonly conversationId: string;
  readonly clientNonce: string;
  /** May be empty where there are files. */
  readonly text: string;
  readonly attachmentIds?: readonly string[];
}

export interface SentMessage {
  readonly message: Message;
  readonly wasDuplicate: boolean;
}

/** The message that this author has already sent with this nonce in this conversation. */
export async function findByNonce(
  conversation: LockedConversation,
  author: { authorKind: AuthorKind; authorUserId: string | null },
  clientNonce: string,
): Promise<Message | null> {
  return conversation.transaction.rows(Message, conversation.row.workspaceId).find({
    conversationId: conversation.row.id,
    authorKind: author.authorKind,
    authorUserId: author.authorUserId ?? IsNull(),
    clientNonce,
  });
}

/** The answer to a retry: the first message. With other content the caller is told that its new one was not written. */
export function repeated(
  first: Message,
  { text, attachmentIds }: Pick<SendMessage, 'text' | 'attachmentIds'>,
): Outcome<SentMessage> {
  const value = { message: first, wasDuplicate: true };
  if (first.text === text && areSameFiles(first.attachments, attachmentIds)) return done(value);
  const mismatch =
    'This nonce was already used for other content; that first message stands. Use a new nonce for a new message.';
  return refused(refusal('IDEMPOTENCY_MISMATCH', mismatch, 'clientNonce'), value);
}
