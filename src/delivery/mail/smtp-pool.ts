import { isNativeError } from 'node:util/types';
import { createTransport } from 'nodemailer';
import type { Options } from 'nodemailer/lib/smtp-pool';
import { MailDeferred, MailRejected, MailServerFailed } from './mail-errors';
import { toMailMessage } from './mail-message';
import type { MailLog, MailTransport } from './mail-transport';
import { checkMail, singleLine } from './outgoing-mail';

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;

export interface SmtpPoolOptions {
  /** Which server, and how to reach it. */
  readonly server: Options;
  readonly maxConnections: number;
  /** A whole delivery takes at most this long; a server that trickles its replies defeats every socket timeout. */
  readonly deliveryTimeoutMs: number;
  readonly log: MailLog;
  /** Makes an error of what went wrong; `classify` unless told. */
  readonly classify?: (error: unknown) => Error;
}

/** Sends mail through one SMTP server over a small pool of connections. */
export function createSmtpPool(options: SmtpPoolOptions): MailTransport {
  const { server, maxConnections, deliveryTimeoutMs, log, classify: judge = classify } = options;
  const pool = createTransport({
    ...server,
    pool: true,
    maxConnections,
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
        throw judge(error);
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

/**
 * The same for a server that a workspace has set: what is not about the recipient or the text is about the settings, the
 * refused sender (`MAIL FROM`) included, and must not cost a mail.
 */
export function classifyOfWorkspace(error: unknown): MailRejected | MailDeferred {
  const failure = classify(error);
  const { code, command, responseCode }: NodemailerFailure = isNativeError(error) ? error : new Error();
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'EABORT';
  const isAboutUs = command === 'MAIL FROM' || responseCode === 530;
  if (isAboutMail && !isAboutUs) return failure;
  return new MailServerFailed(failure.message, { cause: error });
}

interface NodemailerFailure extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
}
