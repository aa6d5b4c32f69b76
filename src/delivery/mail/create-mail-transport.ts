import { createMailFolder } from './mail-folder';
import type { MailLog, MailTransport } from './mail-transport';
import { createSmtpSender } from './smtp-sender';

export interface MailTransportOptions {
  /** `smtp://` or `smtps://` with credentials; null writes every mail into `mailDirectory` instead. */
  smtpUrl: string | null;
  mailDirectory: string;
  log: MailLog;
  /** Limit for one delivery in milliseconds, default 60,000. */
  deliveryTimeoutMs?: number;
}

/** Chooses SMTP when a server is configured, else the folder. */
export function createMailTransport({
  smtpUrl,
  mailDirectory,
  log,
  deliveryTimeoutMs,
}: MailTransportOptions): MailTransport {
  if (smtpUrl === null) return createMailFolder({ mailDirectory, log });
  return createSmtpSender({ smtpUrl, log, deliveryTimeoutMs });
}
