/** What of a mail that came in decides what becomes of it. */
export interface InboundMail {
  /** As the envelope says; '' for a bounce, null where there was no envelope. */
  readonly envelopeSender: string | null;
  /** The address in From; null: none that can be read. */
  readonly sender: string | null;
  readonly messageId: string | null;
  /** Names in lower case; the values of a header that is there several times are joined by line breaks. */
  readonly headers: ReadonlyMap<string, string>;
}

export type IgnoredMail = 'AUTOMATIC' | 'BULK' | 'BOUNCE' | 'OWN' | 'WITHOUT_ID';

/** Senders that no person writes as. */
const MACHINES = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-]|@)/i;

/**
 * Why nobody is to read this mail; null: a person has written it. Answers of programs would open inquiries again for
 * ever, and two programs that answer each other would never end (RFC 3834).
 *
 * @param isOwn whether a Message-ID is one that this server gives
 */
export function whyIgnored(mail: InboundMail, isOwn: (messageId: string) => boolean): IgnoredMail | null {
  const header = (name: string): string => mail.headers.get(name)?.trim().toLowerCase() ?? '';
  if (mail.envelopeSender === '' || mail.sender === null || MACHINES.test(mail.sender)) return 'BOUNCE';
  if (MACHINES.test(mail.envelopeSender ?? '') || header('content-type').startsWith('multipart/report'))
    return 'BOUNCE';
  const submitted = header('auto-submitted');
  if (submitted !== '' && !/^no\b/.test(submitted)) return 'AUTOMATIC';
  if (['x-auto-response-suppress', 'x-autoreply', 'x-autorespond'].some((name) => header(name) !== ''))
    return 'AUTOMATIC';
  if (/^(bulk|junk|list|auto_reply)\b/.test(header('precedence'))) return 'BULK';
  if (['list-id', 'list-unsubscribe'].some((name) => header(name) !== '')) return 'BULK';
  if (mail.messageId === null) return 'WITHOUT_ID';
  return isOwn(mail.messageId) ? 'OWN' : null;
}
