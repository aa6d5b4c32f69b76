import type { SendMailOptions } from 'nodemailer/lib/mailer';
import type { CheckedMail } from './outgoing-mail';

/** The checked mail in the words of nodemailer: address objects only, and an envelope with one recipient. */
export function toMailMessage(mail: CheckedMail): SendMailOptions {
  return {
    messageId: mail.messageId,
    from: mail.from,
    to: mail.to,
    replyTo: mail.replyTo,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    headers: headersOf(mail),
    envelope: { from: mail.from.address, to: [mail.to.address] },
    // Also set on the transports; a body that is a path or a URL must stay text whichever way it is sent.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function headersOf({ automatic, unsubscribeUrl }: CheckedMail): Record<string, string | PreparedHeader> {
  return {
    ...(automatic ? { 'Auto-Submitted': 'auto-generated' } : {}),
    // Prepared: folded at a hyphen, the address would no longer be one.
    ...(unsubscribeUrl === undefined ? {} : { 'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` } }),
    // Mail programs post to https alone.
    ...(unsubscribeUrl?.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  };
}

interface PreparedHeader {
  prepared: boolean;
  value: string;
}
