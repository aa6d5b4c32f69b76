import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openReplyAddress } from '../commands/inquiry/open-reply-address';
import { receiveReply } from '../commands/inquiry/receive-reply';
import { replyAddress } from '../domain/reply-address';
import { createReplyTokens } from '../identity/reply-tokens';
import { InboundMails } from '../inbound/inbound-mails';
import { createMailHook, type MailHook } from '../inbound/mail-hook';
import { type SmtpReceiver, startSmtpReceiver } from '../inbound/smtp-receiver';
import { createMemoryLimit } from '../limits/memory-limit';
import { findRepliedInquiry } from '../queries/reply-addresses';
import type { Core } from './core';
import { StartError } from './run-root';
import { sharedSecret } from './shared-secret';

/** Of one mail server: a provider that has held mails back sends them all at once, and tries again what is refused. */
const MAILS_PER_MINUTE = 120;

/** Makes the address to which the visitor of an inquiry replies; null: replies do not come back. */
export type OpenReplyAddress = (inquiry: { readonly id: string; readonly workspaceId: string }) => Promise<string>;

export async function replyAddressesOf({ config, database, secrets }: Core): Promise<OpenReplyAddress | null> {
  const { domain } = config.inbound;
  if (domain === null) return null;
  const { source } = database;
  const make = (): string => randomBytes(32).toString('base64url');
  const tokenOf = createReplyTokens(await sharedSecret(source, secrets, 'reply-addresses', make));
  return async (inquiry) => {
    const token = tokenOf(inquiry.id);
    await openReplyAddress(source, inquiry, token);
    return replyAddress(token, domain);
  };
}

/** Null: no provider hands mails over. */
export function mailHookOf(core: Core): MailHook | null {
  const { hookSecret } = core.config.inbound;
  const mails = mailsOf(core);
  return hookSecret === null || mails === null ? null : createMailHook(mails, hookSecret);
}

/** Null: no mail server delivers here. Throws StartError when the port or the certificate cannot be used. */
export async function smtpReceiverOf(core: Core): Promise<SmtpReceiver | null> {
  const { smtp } = core.config.inbound;
  const mails = mailsOf(core);
  if (smtp === null || mails === null) return null;
  const mayBegin = createMemoryLimit(MAILS_PER_MINUTE, 60);
  try {
    const tls =
      smtp.tls === null
        ? null
        : { key: await readFile(smtp.tls.keyFile, 'utf8'), cert: await readFile(smtp.tls.certFile, 'utf8') };
    const receiver = await startSmtpReceiver({ mails, host: smtp.host, port: smtp.port, tls, log: core.log, mayBegin });
    core.log.info({ port: receiver.port }, 'mail is received');
    return receiver;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new StartError(`BATON_INBOUND_SMTP_PORT cannot be used, or a file of its certificate not read (${code}).`);
  }
}

function mailsOf({ config, database, log, metrics }: Core): InboundMails | null {
  const { domain } = config.inbound;
  if (domain === null) return null;
  const ownDomain = config.mail.from.slice(config.mail.from.lastIndexOf('@') + 1).toLowerCase();
  return new InboundMails({
    domain,
    findInquiry: (token) => findRepliedInquiry(database.source, token),
    receive: (reply) => receiveReply(database, reply),
    isOwn: (messageId) => /^<?dlv_[0-9a-f]{32}@/.test(messageId) && messageId.toLowerCase().includes(ownDomain),
    log,
    onEnded: (outcome) => metrics.inboundMailEnded(outcome),
  });
}
