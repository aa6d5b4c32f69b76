import { MailRejected } from './mail-errors';

export interface MailAddress {
  name?: string;
  address: string;
}

/** One mail to exactly one recipient. */
export interface OutgoingMail {
  /** Stable per delivery, with or without angle brackets, so that a mail sent twice is recognized as one. */
  messageId: string;
  from: { name: string; address: string };
  to: MailAddress;
  replyTo?: MailAddress;
  subject: string;
  text: string;
  html: string;
  /** Message-ID of the mail that this one answers. */
  inReplyTo?: string;
  /** Message-IDs of the thread, oldest first. */
  references?: string[];
  /** Where its recipient turns such mails off (RFC 2369); with https also by one click in the mail program (RFC 8058). */
  unsubscribeUrl?: string;
  /** Written by the server, not by a person: vacation responders then stay silent (RFC 3834). */
  automatic?: boolean;
}

/** A mail whose fields may be put into headers as they are. */
export interface CheckedMail extends OutgoingMail {
  to: { name: string; address: string };
  replyTo?: { name: string; address: string };
}

/** RFC 5321 4.5.3.1.3 allows a path of 256 octets, the angle brackets included. */
const MAX_ADDRESS_LENGTH = 254;
const MAX_NAME_LENGTH = 200;
const MAX_SUBJECT_LENGTH = 250;
/** A header line has at most 998 characters (RFC 5322 2.1.1), and an id cannot be folded. */
const MAX_MESSAGE_ID_LENGTH = 250;

/**
 * One plain address: no quotes, comments, lists, groups or encoded words ("=?utf-8?b?PA==?=" becomes "<"), which other
 * programs read in different ways.
 */
const PLAIN_ADDRESS = /^(?!.*=\?)[^\s@<>()[\]\\,;:"\p{C}]+@[^\s@<>()[\]\\,;:"\p{C}]+$/u;
/** Nothing that ends the angle brackets or the line, and nothing that would have to be encoded. */
const PLAIN_URL = /^https?:\/\/[!-;=?-~]{1,900}$/;
const PLAIN_MESSAGE_ID = /^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>$/;
/** Controls, lone surrogates, Unicode line breaks and bidi marks. Joiners (U+200C, U+200D) stay: names and emoji need them. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu;

/**
 * Makes a mail safe to send. What machines read (addresses, message ids) is refused when it holds anything but one
 * plain value; what people read (names, subject) has line breaks and unprintable characters replaced by a space,
 * because a notification must not be lost for the title that a visitor chose.
 * @throws MailRejected naming the field
 */
export function checkMail(mail: OutgoingMail): CheckedMail {
  return {
    ...mail,
    messageId: checkMessageId('messageId', mail.messageId),
    from: checkAddress('from', mail.from),
    to: checkAddress('to', mail.to),
    replyTo: mail.replyTo && checkAddress('replyTo', mail.replyTo),
    subject: singleLine(mail.subject, MAX_SUBJECT_LENGTH),
    inReplyTo: mail.inReplyTo === undefined ? undefined : checkMessageId('inReplyTo', mail.inReplyTo),
    references: mail.references?.map((id) => checkMessageId('references', id)),
    unsubscribeUrl: mail.unsubscribeUrl === undefined ? undefined : checkUnsubscribeUrl(mail.unsubscribeUrl),
  };
}

/** Text for one header line: unprintable characters become one space; cut at code points. */
export function singleLine(text: string, maxLength: number): string {
  // nodemailer leaves "=?utf-8?q?=0A?=" in a name as it is, and a mail program would decode the line break in it.
  const line = text.replace(UNPRINTABLE, ' ').replace(/=\?/g, '= ?').replace(/ {2,}/g, ' ').trim();
  const points = Array.from(line);
  return points.length <= maxLength ? line : `${points.slice(0, maxLength - 1).join('')}…`;
}

function checkAddress(field: string, { name, address }: MailAddress): { name: string; address: string } {
  if (address.length > MAX_ADDRESS_LENGTH || !PLAIN_ADDRESS.test(address)) {
    throw new MailRejected(`The field "${field}" does not hold exactly one plain e-mail address.`);
  }
  return { name: singleLine(name ?? '', MAX_NAME_LENGTH), address };
}

function checkUnsubscribeUrl(url: string): string {
  if (!PLAIN_URL.test(url)) throw new MailRejected('The field "unsubscribeUrl" does not hold a plain web address.');
  return url;
}

function checkMessageId(field: string, id: string): string {
  const bracketed = id.startsWith('<') ? id : `<${id}>`;
  if (bracketed.length > MAX_MESSAGE_ID_LENGTH || !PLAIN_MESSAGE_ID.test(bracketed)) {
    throw new MailRejected(`The field "${field}" does not hold a plain Message-ID.`);
  }
  return bracketed;
}
