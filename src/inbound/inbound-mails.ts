import { whyIgnored } from '../domain/inbound-mail';
import { replyTokenOf } from '../domain/reply-address';
import { parseMail } from './parse-mail';
import { visibleText } from './visible-text';

export interface InboundLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Which inquiry a reply is to. */
export interface RepliedInquiry {
  readonly workspaceId: string;
  readonly inquiryId: string;
}

export interface InboundReply extends RepliedInquiry {
  readonly messageId: string;
  readonly sender: string | null;
  readonly text: string;
}

export interface InboundOptions {
  /** Mails to `reply+…@` this domain are replies. */
  readonly domain: string;
  readonly findInquiry: (token: string) => Promise<RepliedInquiry | null>;
  /** Writes it; says what became of it. */
  readonly receive: (reply: InboundReply) => Promise<string>;
  /** Whether a Message-ID is one that this server gives. */
  readonly isOwn: (messageId: string) => boolean;
  readonly log: InboundLog;
  /** Told of every mail that was read, for the metrics: TAKEN, or why not. */
  readonly onEnded: (outcome: string) => void;
}

/** More than this is no mail that a person writes to ask something. */
export const MAX_MAIL_BYTES = 10 * 1024 * 1024;

/** What comes in by mail, whichever way it came. */
export class InboundMails {
  constructor(private readonly options: InboundOptions) {}

  /** Whose reply address this is; null: it is none, and no mail to it is taken. */
  async findInquiry(address: string): Promise<RepliedInquiry | null> {
    const token = replyTokenOf(address, this.options.domain);
    return token === null ? null : this.options.findInquiry(token);
  }

  /**
   * Reads a mail and writes it where it belongs. What is ignored is no failure: whoever sent it must not try again.
   *
   * @param recipients of the envelope; null: those that the headers name
   */
  async take(raw: Buffer, envelope: { sender: string | null; recipients: readonly string[] | null }): Promise<string> {
    const { log, onEnded } = this.options;
    const outcome = await this.outcomeOf(raw, envelope);
    // No text and no address of a person gets into the log.
    if (outcome !== 'TAKEN') log.info({ reason: outcome }, 'a mail that came in was not taken');
    onEnded(outcome);
    return outcome;
  }

  private async outcomeOf(
    raw: Buffer,
    envelope: { sender: string | null; recipients: readonly string[] | null },
  ): Promise<string> {
    const { receive, isOwn } = this.options;
    const mail = await parseMail(raw, envelope.sender);
    const ignored = whyIgnored(mail, isOwn);
    if (ignored !== null) return ignored;
    const inquiry = await this.firstInquiry(envelope.recipients ?? mail.recipients);
    if (inquiry === null) return 'UNKNOWN_RECIPIENT';
    const text = withAttachments(await visibleText(mail.text), mail.attachmentCount);
    return receive({ ...inquiry, messageId: mail.messageId ?? '', sender: mail.sender, text });
  }

  private async firstInquiry(addresses: readonly string[]): Promise<RepliedInquiry | null> {
    for (const address of addresses) {
      const inquiry = await this.findInquiry(address);
      if (inquiry !== null) return inquiry;
    }
    return null;
  }
}

/** Files are not kept, which the operator has to know to ask for them. */
function withAttachments(text: string, count: number): string {
  if (count === 0) return text;
  return `${text}\n\n(${count === 1 ? 'One attachment was' : `${count} attachments were`} left out.)`.trim();
}
