import { encodePublicId } from '../domain/public-id';
import { MailDeferred, MailRejected } from '../delivery/mail/mail-errors';
import type { MailTransport } from '../delivery/mail/mail-transport';
import type { OutgoingMail } from '../delivery/mail/outgoing-mail';
import type { SendResult } from './send-result';

/** The same for every attempt of a delivery, so that a mail sent twice is recognized as one. */
export function messageIdOf(deliveryId: string, fromAddress: string): string {
  return `<${encodePublicId('delivery', deliveryId)}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`;
}

/** One attempt at one mail. Only what is no answer about the mail is thrown. */
export async function sendMail(mail: Pick<MailTransport, 'send'>, message: OutgoingMail): Promise<SendResult> {
  try {
    const { detail } = await mail.send(message);
    return { state: 'SENT', detail };
  } catch (error) {
    if (error instanceof MailRejected) return { state: 'FAILED', detail: error.message };
    if (error instanceof MailDeferred) return { state: 'RETRY', detail: error.message, retryAfterMs: null };
    throw error;
  }
}
