import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkMessageText, checkNonce } from '../../domain/conversation/message-text';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import type { Message } from '../../entities/message';
import { changeControl } from './change-control';
import { type LockedConversation, lockVisible } from './locked-conversation';
import { markReadUpTo } from './mark-read';
import { findByNonce, repeated, type SentMessage } from './sent-message';
import { openTurn } from './turns';

export interface SendMessage {
  readonly conversationId: string;
  readonly clientNonce: string;
  readonly text: string;
}

/**
 * Writes a message as the visitor or as the operator who has the conversation. A retry with the same nonce returns the
 * first message, whatever has happened since.
 */
export async function sendMessage(
  database: Database,
  principal: Principal,
  input: SendMessage,
): Promise<Outcome<SentMessage>> {
  const invalid = [...checkNonce(input.clientNonce, 'clientNonce'), ...checkMessageText(input.text, 'text')];
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const asVisitor = mayOnConversation(principal, 'visit', conversation.row);
    const asOperator = mayOnConversation(principal, 'operate', conversation.row);
    if (!asVisitor && !asOperator) {
      const unauthorized = forbidden(whyNotWriting(principal), 'conversationId');
      return refused(refuseImpersonator(principal, 'operate') ?? unauthorized);
    }

    const authorUserId = principal.kind === 'USER' ? principal.userId : null;
    const author = { authorKind: asVisitor ? 'VISITOR' : 'OPERATOR', authorUserId } as const;
    const first = await findByNonce(conversation, author, input.clientNonce);
    if (first !== null) return repeated(first, input.text);
    const barred = asOperator ? whyOperatorMayNotWrite(conversation, authorUserId) : null;
    if (barred !== null) return refused(barred);

    const message = asVisitor
      ? await writeAsVisitor(conversation, principal, input)
      : await conversation.write({ ...author, ...text(input), handoffId: null });
    await markReadUpTo(conversation, readerOf(principal), message.sequence);
    await conversation.save();
    return done({ message, wasDuplicate: false });
  });
}

async function writeAsVisitor(
  conversation: LockedConversation,
  principal: Principal,
  input: SendMessage,
): Promise<Message> {
  // A closed conversation opens again; everywhere else a visitor's message leaves control as it is.
  if (conversation.row.status === 'CLOSED') await changeControl(conversation, 'visitorWrites', principal, {});
  const message = await conversation.write({
    authorKind: 'VISITOR',
    authorUserId: null,
    ...text(input),
    handoffId: null,
  });
  if (conversation.row.controller === 'AI') await openTurn(conversation, message);
  return message;
}

function text(input: SendMessage): { kind: 'TEXT'; text: string; clientNonce: string } {
  return { kind: 'TEXT', text: input.text, clientNonce: input.clientNonce };
}

function readerOf(principal: Principal): string {
  if (principal.kind === 'USER') return principal.userId;
  return principal.kind === 'VISITOR' ? principal.visitorId : principal.keyId;
}

function whyOperatorMayNotWrite(conversation: LockedConversation, userId: string | null): Refusal | null {
  const { controller, operatorId } = conversation.row;
  if (controller !== 'HUMAN') {
    return refusal(
      'INVALID_TRANSITION',
      'You do not have this conversation. Accept or take it over first.',
      'conversationId',
    );
  }
  if (operatorId !== userId) {
    return refusal(
      'ALREADY_CLAIMED',
      'Another operator has this conversation. Hand it back to the AI first, then take it over.',
      'conversationId',
    );
  }
  return null;
}

function whyNotWriting(principal: Principal): string {
  return principal.kind === 'API_KEY'
    ? 'An API key writes as the AI with postAgentReply, not with sendMessage.'
    : 'You need the permission HANDLE_CONVERSATIONS to write here.';
}
