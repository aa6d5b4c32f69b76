import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { areSameFiles, type AttachedFile } from '../../domain/attachment/attached-file';
import { checkFileCount } from '../../domain/attachment/check-attachment';
import { mayLeaveInquiry } from '../../domain/conversation/handoff-offer';
import { checkMessageText, checkNonce } from '../../domain/conversation/message-text';
import { phaseOf } from '../../domain/conversation/transitions';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkEmail } from '../../domain/validation/email';
import { checkOptionalName } from '../../domain/validation/name';
import { Inquiry } from '../../entities/inquiry';
import { findFiles } from '../attachment/attach-files';
import { type LockedConversation, lockVisible } from '../conversation/locked-conversation';
import { markReadUpTo } from '../conversation/mark-read';

export interface SubmitInquiry {
  readonly conversationId: string;
  readonly email: string;
  readonly name: string | null;
  readonly text: string;
  readonly attachmentIds?: readonly string[];
  readonly idempotencyKey: string;
}

/** "Submit a query": the visitor leaves a question and an address. The same key gives the same inquiry. */
export async function submitInquiry(
  database: Database,
  principal: Principal,
  input: SubmitInquiry,
): Promise<Outcome<Inquiry>> {
  const invalid = checkInquiry(input);
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    if (!mayOnConversation(principal, 'visit', conversation.row)) {
      return refused(forbidden('Only the visitor of this conversation can leave an inquiry.', 'conversationId'));
    }
    const { idempotencyKey } = input;
    const earlier = await transaction
      .rows(Inquiry, principal.workspaceId)
      .find({ conversationId: conversation.row.id, idempotencyKey });
    if (earlier !== null) return sameInquiry(earlier, input);
    if (!mayLeaveInquiry(conversation.agent, phaseOf(conversation.row))) return refused(notNow(conversation));
    const found = await findFiles(conversation, VISITOR, input.attachmentIds);
    return found.ok ? done(await writeInquiry(conversation, input, found.files)) : refused(found.refusals);
  });
}

const VISITOR = { authorKind: 'VISITOR', authorUserId: null } as const;

async function writeInquiry(
  conversation: LockedConversation,
  input: SubmitInquiry,
  files: readonly AttachedFile[] | null,
): Promise<Inquiry> {
  const { transaction, row, now } = conversation;
  const inquiry = await transaction.rows(Inquiry, row.workspaceId).insert({
    id: newId(),
    organizationId: row.organizationId,
    conversationId: row.id,
    agentId: row.agentId,
    handoffId: row.handoffId,
    email: input.email.trim(),
    name: input.name?.trim() ?? null,
    text: input.text,
    state: 'OPEN',
    assigneeId: null,
    lastMessageAt: now,
    idempotencyKey: input.idempotencyKey,
    createdAt: now,
    attachments: files,
  });
  const message = await conversation.write({
    kind: 'INQUIRY',
    ...VISITOR,
    text: input.text,
    clientNonce: null,
    handoffId: null,
    attachments: files,
  });
  await markReadUpTo(conversation, row.visitorId, message.sequence);
  conversation.tell('INQUIRY_CHANGED', inquiry.id, inquiry);
  await conversation.save();
  return inquiry;
}

function sameInquiry(earlier: Inquiry, input: SubmitInquiry): Outcome<Inquiry> {
  const isSame = earlier.text === input.text && earlier.email === input.email.trim();
  if (isSame && areSameFiles(earlier.attachments, input.attachmentIds)) return done(earlier);
  const mismatch =
    'This key was already used for another inquiry; that first one stands. Use a new key for a new inquiry.';
  return refused(refusal('IDEMPOTENCY_MISMATCH', mismatch, 'idempotencyKey'), earlier);
}

function notNow(conversation: LockedConversation): Refusal {
  return conversation.agent.handoffEnabled
    ? refusal('INVALID_TRANSITION', 'A person has this conversation: write to them instead.', 'conversationId')
    : refusal('HANDOFF_NOT_OFFERED', 'Handoff to a person is switched off for this agent.', 'conversationId');
}

function checkInquiry(input: SubmitInquiry): Refusal[] {
  return [
    ...checkEmail(input.email, 'email'),
    ...checkOptionalName(input.name, 'name'),
    ...checkMessageText(input.text, 'text'),
    ...checkFileCount(input.attachmentIds),
    ...checkNonce(input.idempotencyKey, 'idempotencyKey'),
  ];
}
