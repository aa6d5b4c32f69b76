import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { staleEpoch } from '../../domain/conversation/decide-control';
import { checkMessageContent, checkNonce } from '../../domain/conversation/message-text';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { findFiles } from '../attachment/attach-files';
import { type LockedConversation, lockVisible } from './locked-conversation';
import { findByNonce, repeated, type SentMessage } from './sent-message';
import { endOpenTurn } from './turns';

export interface PostAgentReply {
  readonly conversationId: string;
  readonly clientNonce: string;
  readonly controlEpoch: number;
  /** May be empty where there are files. */
  readonly text: string;
  readonly attachmentIds?: readonly string[];
}

/** The AI runtime's answer, by API key. Refused with STALE_CONTROL_EPOCH once control has moved, and nothing is written. */
export async function postAgentReply(
  database: Database,
  principal: Principal,
  input: PostAgentReply,
): Promise<Outcome<SentMessage>> {
  const invalid = [...checkNonce(input.clientNonce, 'clientNonce'), ...checkMessageContent(input)];
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    if (!mayOnConversation(principal, 'runAi', conversation.row)) {
      return refused(forbidden("Only an API key of the conversation's agent can write as its AI.", 'conversationId'));
    }
    return writeReply(conversation, input);
  });
}

/**
 * Writes the AI's reply if its epoch still holds, and ends the open turn with it. The row lock and this comparison are
 * the fence: from the commit of a takeover on, no reply of an earlier epoch gets past it.
 */
export async function writeReply(
  conversation: LockedConversation,
  reply: Omit<PostAgentReply, 'conversationId'>,
): Promise<Outcome<SentMessage>> {
  const author = { authorKind: 'AI', authorUserId: null } as const;
  const first = await findByNonce(conversation, author, reply.clientNonce);
  if (first !== null) return repeated(first, reply);
  const { controller, controlEpoch } = conversation.row;
  if (controller !== 'AI' || controlEpoch !== reply.controlEpoch) return refused(staleEpoch(controlEpoch));
  const found = await findFiles(conversation, author, reply.attachmentIds);
  if (!found.ok) return refused(found.refusals);
  const message = await conversation.write({
    ...author,
    kind: 'TEXT',
    text: reply.text,
    clientNonce: reply.clientNonce,
    handoffId: null,
    attachments: found.files,
  });
  await endOpenTurn(conversation, 'ANSWERED', null);
  await conversation.save();
  return done({ message, wasDuplicate: false });
}
