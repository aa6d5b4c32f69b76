import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import type { InboundMail } from '../domain/inbound-mail';

export interface ParsedInboundMail extends InboundMail {
  /** What a person would read; of a mail in HTML alone, its text. */
  readonly text: string;
  readonly attachmentCount: number;
  /** Whom the headers name: To, Cc, and what mail servers note of the envelope. */
  readonly recipients: readonly string[];
}

const RECIPIENT_HEADERS = ['delivered-to', 'x-original-to', 'envelope-to'];
const OPTIONS = { skipImageLinks: true, skipTextToHtml: true, maxHtmlLengthToParse: 1_000_000 };

export async function parseMail(raw: Buffer, envelopeSender: string | null): Promise<ParsedInboundMail> {
  const mail = await simpleParser(raw, OPTIONS);
  const headers = headersOf(mail);
  const noted = RECIPIENT_HEADERS.flatMap((name) => headers.get(name)?.match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? []);
  return {
    envelopeSender,
    sender: mail.from?.value[0]?.address ?? null,
    messageId: mail.messageId ?? null,
    headers,
    text: mail.text ?? (await textOfHtml(mail.html ?? false)),
    attachmentCount: mail.attachments.filter(({ related }) => !related).length,
    recipients: [...addressesOf(mail.to), ...addressesOf(mail.cc), ...noted],
  };
}

/** The parser makes a text of a mail that is HTML and nothing else, and none where files hang on it. */
async function textOfHtml(html: string | false): Promise<string> {
  if (html === false) return '';
  const alone = await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`, OPTIONS);
  return alone.text ?? '';
}

function headersOf(mail: ParsedMail): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const { key, line } of mail.headerLines) {
    const value = line.slice(line.indexOf(':') + 1).trim();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value : `${earlier}\n${value}`);
  }
  return headers;
}

function addressesOf(field: AddressObject | AddressObject[] | undefined): string[] {
  const objects = field === undefined ? [] : Array.isArray(field) ? field : [field];
  return objects.flatMap(({ value }) => value.flatMap(({ address }) => (address === undefined ? [] : [address])));
}
