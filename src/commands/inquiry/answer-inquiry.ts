import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkMessageText, checkNonce } from '../../domain/conversation/message-text';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { Inquiry } from '../../entities/inquiry';
import { InquiryAnswer } from '../../entities/inquiry-answer';
import type { LockedConversation } from '../conversation/locked-conversation';
import { markReadUpTo } from '../conversation/mark-read';
import { addMail } from '../delivery/add-mail';
import { lockInquiry } from './lock-inquiry';

export interface AnswerInquiry {
  readonly inquiryId: string;
  readonly text: string;
  readonly idempotencyKey: string;
}

/** Answers an inquiry: into the conversation, and by e-mail to the visitor. The same key answers once. */
export async function answerInquiry(
  database: Database,
  principal: Principal,
  input: AnswerInquiry,
): Promise<Outcome<Inquiry>> {
  const invalid = [...checkMessageText(input.text, 'text'), ...checkNonce(input.idempotencyKey, 'idempotencyKey')];
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const locked = await lockInquiry(transaction, principal, input.inquiryId);
    if (!locked.ok) return locked.outcome;
    const { conversation, inquiry } = locked;
    const earlier = await transaction
      .rows(InquiryAnswer, inquiry.workspaceId)
      .find({ inquiryId: inquiry.id, idempotencyKey: input.idempotencyKey });
    if (earlier !== null) return sameAnswer(earlier, inquiry, input);
    if (inquiry.state === 'CLOSED') {
      return refused(refusal('INVALID_TRANSITION', 'This inquiry is closed.', 'inquiryId'), inquiry);
    }
    const authorUserId = principal.kind === 'USER' ? principal.userId : '';
    return done(await writeAnswer(conversation, inquiry, authorUserId, input));
  });
}

async function writeAnswer(
  conversation: LockedConversation,
  inquiry: Inquiry,
  authorUserId: string,
  input: AnswerInquiry,
): Promise<Inquiry> {
  const { transaction, now } = conversation;
  const answer = await transaction.rows(InquiryAnswer, inquiry.workspaceId).insert({
    id: newId(),
    inquiryId: inquiry.id,
    authorUserId,
    text: input.text,
    idempotencyKey: input.idempotencyKey,
    createdAt: now,
  });
  // Whoever answers first has it, unless it was given to somebody.
  const change = { state: 'ANSWERED', assigneeId: inquiry.assigneeId ?? authorUserId, lastMessageAt: now } as const;
  Object.assign(inquiry, change);
  await transaction.rows(Inquiry, inquiry.workspaceId).update({ id: inquiry.id }, change);
  const message = await conversation.write({
    kind: 'INQUIRY',
    authorKind: 'OPERATOR',
    authorUserId,
    text: input.text,
    clientNonce: null,
    handoffId: null,
  });
  await markReadUpTo(conversation, authorUserId, message.sequence);
  conversation.tell('INQUIRY_CHANGED', inquiry.id, { ...inquiry });
  await addMail(transaction, inquiry, { inquiryAnswerId: answer.id }, now);
  await conversation.save();
  return inquiry;
}

function sameAnswer(earlier: InquiryAnswer, inquiry: Inquiry, input: AnswerInquiry): Outcome<Inquiry> {
  if (earlier.text === input.text) return done(inquiry);
  const mismatch =
    'This key was already used for another answer; that first one stands. Use a new key for a new answer.';
  return refused(refusal('IDEMPOTENCY_MISMATCH', mismatch, 'idempotencyKey'), inquiry);
}
