import { createHash } from 'node:crypto';
import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import { fitMessageText } from '../../domain/conversation/message-text';
import { Inquiry } from '../../entities/inquiry';
import { Message } from '../../entities/message';
import { type LockedConversation, lockConversation } from '../conversation/locked-conversation';
import { markReadUpTo } from '../conversation/mark-read';

export interface ReceivedReply {
  readonly workspaceId: string;
  readonly inquiryId: string;
  /** Of the mail: the same mail again, which mail servers do send, is written once. */
  readonly messageId: string;
  /** Who says that they have sent it; null: unreadable. */
  readonly sender: string | null;
  readonly text: string;
}

/** TOO_MANY: within an hour. GONE: the visitor was erased. EMPTY: nothing is left that could be a message. */
export type ReplyOutcome = 'TAKEN' | 'DUPLICATE' | 'TOO_MANY' | 'GONE' | 'EMPTY';

/** Of one conversation: two programs that answer each other come to an end here. */
const MOST_PER_HOUR = 20;
const MAX_ADDRESS_LENGTH = 254;
/** What the nonce of such a message begins with: the router tells by it that somebody replied. */
const NONCE_PREFIX = 'mail:';

/**
 * Writes what a visitor replied to the mail of an answer into the conversation, and opens the inquiry again. Like the
 * inquiry itself it is for people, whoever has the conversation: it gives the AI no turn.
 */
export async function receiveReply(database: Database, reply: ReceivedReply): Promise<ReplyOutcome> {
  const { workspaceId, inquiryId } = reply;
  return transact(database, { workspaceId }, async (transaction) => {
    const inquiries = transaction.rows(Inquiry, workspaceId);
    const unlocked = await inquiries.find({ id: inquiryId });
    if (unlocked === null) return 'GONE';
    const conversation = await lockConversation(transaction, workspaceId, unlocked.conversationId);
    const inquiry = conversation && (await inquiries.find({ id: inquiryId }));
    if (conversation === null || inquiry === null) return 'GONE';
    const text = fitMessageText(withSender(reply, inquiry));
    if (reply.text.trim() === '' || text === '') return 'EMPTY';
    const clientNonce = NONCE_PREFIX + createHash('sha256').update(reply.messageId).digest('hex');
    const messages = transaction.rows(Message, workspaceId);
    const place = { conversationId: inquiry.conversationId, authorKind: 'VISITOR' } as const;
    if ((await messages.find({ ...place, clientNonce })) !== null) return 'DUPLICATE';
    if ((await countOfLastHour(transaction, inquiry)) >= MOST_PER_HOUR) return 'TOO_MANY';
    await write(conversation, inquiry, text, clientNonce);
    return 'TAKEN';
  });
}

async function write(
  conversation: LockedConversation,
  inquiry: Inquiry,
  text: string,
  clientNonce: string,
): Promise<void> {
  const { transaction, row, now } = conversation;
  const author = { authorKind: 'VISITOR', authorUserId: null } as const;
  const message = await conversation.write({ kind: 'INQUIRY', ...author, text, clientNonce, handoffId: null });
  await markReadUpTo(conversation, row.visitorId, message.sequence);
  const change = { state: 'OPEN', lastMessageAt: now } as const;
  Object.assign(inquiry, change);
  await transaction.rows(Inquiry, inquiry.workspaceId).update({ id: inquiry.id }, change);
  conversation.tell('INQUIRY_CHANGED', inquiry.id, { ...inquiry });
  await conversation.save();
}

/** The token alone decides; but an operator sees when the mail names another sender than the one who asked. */
function withSender({ sender, text }: ReceivedReply, inquiry: Inquiry): string {
  const body = text.trim();
  if (sender !== null && sender.toLowerCase() === inquiry.email.toLowerCase()) return body;
  return `(Sent from ${sender?.slice(0, MAX_ADDRESS_LENGTH) ?? 'an unreadable address'})\n\n${body}`;
}

async function countOfLastHour({ manager }: Transaction, { conversationId }: Inquiry): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `select count(*)::int as n from messages where conversation_id = $1 and author_kind = 'VISITOR'
       and client_nonce like $2 and created_at > clock_timestamp() - interval '1 hour'`,
    [conversationId, `${NONCE_PREFIX}%`],
  );
  return row?.n ?? 0;
}
