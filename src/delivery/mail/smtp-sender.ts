import { isNativeError } from 'node:util/types';
import { createTransport } from 'nodemailer';
import { MailDeferred, MailRejected } from './mail-errors';
import { toMailMessage } from './mail-message';
import type { MailLog, MailTransport } from './mail-transport';
import { checkMail, singleLine } from './outgoing-mail';

/** A whole delivery takes at most this long; a server that trickles its replies defeats every socket timeout. */
const DELIVERY_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 5;

export interface SmtpSenderOptions {
  smtpUrl: string;
  log: MailLog;
  deliveryTimeoutMs?: number;
}

/** Sends mail through one SMTP server over a small pool of connections. */
export function createSmtpSender({
  smtpUrl,
  log,
  deliveryTimeoutMs = DELIVERY_TIMEOUT_MS,
}: SmtpSenderOptions): MailTransport {
  const pool = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    // Only for a pooled connection that the server had closed meanwhile; waiting longer is the job queue's work.
    maxRequeues: 2,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Without a listener the error of an idle connection would end the process.
  pool.on('error', (error: Error) => log({ error: error.message }, 'mail server connection failed'));
  const inFlight = new Set<Promise<unknown>>();

  return {
    async send(mail) {
      const checked = checkMail(mail);
      const sending = pool.sendMail({ ...toMailMessage(checked), signal: AbortSignal.timeout(deliveryTimeoutMs) });
      inFlight.add(sending);
      try {
        const { response } = await sending;
        return { detail: singleLine(response, 200) };
      } catch (error) {
        throw classify(error);
      } finally {
        inFlight.delete(sending);
      }
    },

    async close() {
      pool.close();
      await Promise.allSettled(inFlight);
    },
  };
}

/**
 * Only a final answer about this very mail (5xx to MAIL FROM, RCPT TO or DATA, or an address that cannot be put into
 * the envelope) is a rejection. A 5xx to our greeting or our password says nothing about the mail.
 */
function classify(error: unknown): MailRejected | MailDeferred {
  if (!isNativeError(error)) return new MailDeferred(String(error));
  const { code, responseCode }: NodemailerFailure = error;
  const aboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  // 503 is about the state of the session, 530 about missing authentication.
  const isFinal = responseCode === undefined || (responseCode >= 500 && responseCode !== 503 && responseCode !== 530);
  const Failure = aboutThisMail && isFinal ? MailRejected : MailDeferred;
  return new Failure(singleLine(error.message, 300), { cause: error });
}

interface NodemailerFailure extends Error {
  code?: string;
  responseCode?: number;
}
