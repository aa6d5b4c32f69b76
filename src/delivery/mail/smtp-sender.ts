import type { MailLog, MailTransport } from './mail-transport';
import { createSmtpPool } from './smtp-pool';

const DELIVERY_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 5;

export interface SmtpSenderOptions {
  smtpUrl: string;
  log: MailLog;
  deliveryTimeoutMs?: number;
}

/** Sends mail through the server of SMTP_URL. */
export function createSmtpSender({
  smtpUrl,
  log,
  deliveryTimeoutMs = DELIVERY_TIMEOUT_MS,
}: SmtpSenderOptions): MailTransport {
  return createSmtpPool({ server: { url: smtpUrl }, maxConnections: MAX_CONNECTIONS, deliveryTimeoutMs, log });
}
