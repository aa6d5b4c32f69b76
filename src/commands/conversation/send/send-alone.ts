import type { Database } from '../../../database/database';
import { transact } from '../../../database/transact';
import { type Principal, readerIdOf } from '../../../domain/actor';
import { decideWriting } from '../../../domain/conversation/decide-writing';
import { done, notFound, type Outcome, refused } from '../../../domain/refusal';
import { findFiles } from '../../attachment/attach-files';
import { changeControl } from '../change-control';
import { lockVisible } from '../locked-conversation';
import { markReadUpTo } from '../mark-read';
import { findByNonce, repeated, type SendMessage, type SentMessage } from '../sent-message';
import { openTurn } from '../turns';

/**
 * Writes one message in a transaction of its own, step by step. It can everything that `sendTogether` leaves aside, and
 * is what that one is compared with: see test/commands/conversation/send/.
 */
export async function sendAlone(
  database: Database,
  principal: Principal,
  input: SendMessage,
): Promise<Outcome<SentMessage>> {
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const decision = decideWriting(principal, conversation.row);
    if (!decision.ok) return refused(decision.refusal);

    const { author, barred } = decision;
    const { clientNonce, text, attachmentIds } = input;
    const first = await findByNonce(conversation, author, clientNonce);
    if (first !== null) return repeated(first, input);
    if (barred !== null) return refused(barred);
    const found = await findFiles(conversation, author, attachmentIds);
    if (!found.ok) return refused(found.refusals);

    const isVisitor = author.authorKind === 'VISITOR';
    // A closed conversation opens again; everywhere else a visitor's message leaves control as it is.
    if (isVisitor && conversation.row.status === 'CLOSED') {
      await changeControl(conversation, 'visitorWrites', principal, {});
    }
    const draft = { kind: 'TEXT', ...author, text, clientNonce, handoffId: null, attachments: found.files } as const;
    const message = await conversation.write(draft);
    if (isVisitor && conversation.row.controller === 'AI') await openTurn(conversation, message);
    await markReadUpTo(conversation, readerIdOf(principal), message.sequence);
    await conversation.save();
    return done({ message, wasDuplicate: false });
  });
}
