import { createHmac } from 'node:crypto';

/** The token in the reply address of an inquiry, always the same one: whoever sends a mail has it, and the database its hash. */
export type ReplyTokens = (inquiryId: string) => string;

/**
 * 128 bits as hex: mail servers may write an address in lower case, and cut one that is longer than 64 characters.
 *
 * @param secret shared by every process of an installation; with another one, replies to mails that are out are refused
 */
export function createReplyTokens(secret: string): ReplyTokens {
  return (inquiryId) => createHmac('sha256', secret).update(`REPLY:${inquiryId}`).digest('hex').slice(0, 32);
}
