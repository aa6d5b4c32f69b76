import { IsNull, MoreThan } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkNonce } from '../../domain/conversation/message-text';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { type TranscriptAddress, transcriptAddress } from '../../domain/transcript-address';
import { NAMELESS_VISITOR } from '../../domain/visitor-name';
import { Transcript } from '../../entities/transcript';
import { Visitor } from '../../entities/visitor';
import { audit } from '../audit/audit';
import { addMail } from '../delivery/add-mail';
import { type LockedConversation, lockVisible } from './locked-conversation';

export interface MailTranscript {
  readonly conversationId: string;
  readonly idempotencyKey: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_A_DAY = 3;

/**
 * Mails what was said in a conversation, as it is now, to its visitor: asked for by the visitor, or by an operator who
 * handles it. The same key of the same caller mails once. NO_MAIL_ADDRESS: see `transcriptAddress`.
 */
export async function mailTranscript(
  database: Database,
  principal: Principal,
  input: MailTranscript,
): Promise<Outcome<Transcript>> {
  const invalid = checkNonce(input.idempotencyKey, 'idempotencyKey');
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const { row } = conversation;
    const asVisitor = mayOnConversation(principal, 'visit', row);
    if (!asVisitor && !mayOnConversation(principal, 'operate', row)) {
      const unauthorized = 'Its visitor, or who has the permission HANDLE_CONVERSATIONS, can have it mailed.';
      return refused(refuseImpersonator(principal, 'operate') ?? forbidden(unauthorized, 'conversationId'));
    }
    const authorUserId = principal.kind === 'USER' ? principal.userId : null;
    const { idempotencyKey } = input;
    const same = { conversationId: row.id, authorUserId: authorUserId ?? IsNull(), idempotencyKey };
    const earlier = await transaction.rows(Transcript, row.workspaceId).find(same);
    if (earlier !== null) return done(earlier);
    const address = await findAddress(conversation, asVisitor);
    const no = address === null ? NO_ADDRESS : await refuseNow(conversation);
    if (address === null || no !== null) return refused(no ?? NO_ADDRESS);
    const written = await write(conversation, address, { authorUserId, idempotencyKey });
    await audit(transaction, principal, 'TRANSCRIPT_MAILED', row);
    return done(written);
  });
}

const NO_ADDRESS = refusal(
  'NO_MAIL_ADDRESS',
  'There is no address of the visitor that a transcript may be mailed to.',
  'conversationId',
);

async function findAddress(
  { transaction, row }: LockedConversation,
  asVisitor: boolean,
): Promise<TranscriptAddress | null> {
  const visitor = await transaction.rows(Visitor, row.workspaceId).find({ id: row.visitorId });
  if (visitor === null) throw new Error(`Visitor ${row.visitorId} of conversation ${row.id} does not exist.`);
  const inquiries = await transaction.manager.query<{ email: string; name: string | null; isAnswered: boolean }[]>(
    `select i.email, i.name, exists (select from inquiry_answers a where a.inquiry_id = i.id) as "isAnswered"
     from inquiries i where i.conversation_id = $1 and i.workspace_id = $2 order by i.id desc`,
    [row.id, row.workspaceId],
  );
  const displayName = visitor.displayName === NAMELESS_VISITOR ? null : visitor.displayName;
  return transcriptAddress({ ...visitor, displayName }, inquiries, asVisitor);
}

/** Whoever asks, it comes into the same mailbox. */
async function refuseNow({ transaction, row, now }: LockedConversation): Promise<Refusal | null> {
  if (row.lastSequence === 0) {
    return refusal('INVALID_TRANSITION', 'Nothing was said yet in this conversation.', 'conversationId');
  }
  const since = MoreThan(new Date(now.getTime() - DAY_MS));
  const recent = await transaction
    .rows(Transcript, row.workspaceId)
    .list({ conversationId: row.id, createdAt: since }, { id: 'ASC' });
  if (recent.length < MAX_A_DAY) return null;
  const full = `The transcript was mailed ${MAX_A_DAY} times within a day. Wait a day after the first of them.`;
  return refusal('LIMIT_EXCEEDED', full, 'conversationId');
}

async function write(
  { transaction, row, now }: LockedConversation,
  address: TranscriptAddress,
  request: Pick<Transcript, 'authorUserId' | 'idempotencyKey'>,
): Promise<Transcript> {
  const transcript = await transaction.rows(Transcript, row.workspaceId).insert({
    ...request,
    ...address,
    id: newId(),
    conversationId: row.id,
    lastSequence: row.lastSequence,
    createdAt: now,
  });
  await addMail(transaction, row, { transcriptId: transcript.id }, now);
  return transcript;
}
