import type { OutgoingMail } from './outgoing-mail';

export type MailLog = (fields: object, message: string) => void;

/** The way mail leaves this server. */
export interface MailTransport {
  /**
   * Sends one mail and answers what the server said, or the path of the file.
   * @throws MailRejected (never try again), MailDeferred (try again later with the same Message-ID)
   */
  send(mail: OutgoingMail): Promise<{ detail: string }>;
  /** Refuses further mails and waits for those that are being sent. */
  close(): Promise<void>;
}
