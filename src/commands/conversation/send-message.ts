import type { Database } from '../../database/database';
import type { Principal } from '../../domain/actor';
import { checkMessageContent, checkNonce } from '../../domain/conversation/message-text';
import { type Outcome, refused } from '../../domain/refusal';
import { sendLanesOf } from './send/send-lanes';
import type { SendMessage, SentMessage } from './sent-message';

/**
 * Writes a message as the visitor or as the operator who has the conversation. A retry with the same nonce returns the
 * first message, whatever has happened since.
 *
 * @throws BusyError when too many messages wait to be written already; nothing was written then
 */
export async function sendMessage(
  database: Database,
  principal: Principal,
  input: SendMessage,
): Promise<Outcome<SentMessage>> {
  const invalid = [...checkNonce(input.clientNonce, 'clientNonce'), ...checkMessageContent(input)];
  return invalid.length > 0 ? refused(invalid) : sendLanesOf(database).send(principal, input);
}
