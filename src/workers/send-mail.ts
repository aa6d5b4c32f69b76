import type { DataSource } from 'typeorm';
import { within } from '../database/scope';
import type { ResolvedBrand } from '../domain/branding';
import { encodePublicId } from '../domain/public-id';
import type { RenderedMail } from '../delivery/mail/brand';
import { MailDeferred, MailRejected } from '../delivery/mail/mail-errors';
import type { MailAddress, OutgoingMail } from '../delivery/mail/outgoing-mail';
import type { Delivery } from '../entities/delivery';
import type { SendDependencies, SendResult } from './send-result';

/** A mail as its kind makes it: what all of them have in common is added by `sendMail`. */
export interface MailDraft extends RenderedMail {
  readonly brand: ResolvedBrand;
  readonly to: MailAddress;
  /** Whether answers go to the brand's address for support, where it has one. */
  readonly isAnswerable: boolean;
  /** What all mails of one thread to one person have in common, such as `conv_….usr_…`. Null: it stands alone. */
  readonly thread: string | null;
  /** Where its reader turns such mails off. Null: it is wanted whatever the settings say. */
  readonly turnOffUrl: string | null;
  /** Written by the server, not by a person. */
  readonly automatic: boolean;
}

/** One attempt at the mail of a delivery. Only what is no answer about the mail is thrown. */
export async function sendMail(
  delivery: Delivery,
  draft: MailDraft,
  { source, mail, mailFrom }: SendDependencies,
): Promise<SendResult> {
  const messageId = delivery.messageId ?? (await keepMessageId(source, delivery, mailFrom));
  try {
    const { detail } = await mail.send(toOutgoingMail(draft, messageId, mailFrom));
    return { state: 'SENT', detail };
  } catch (error) {
    if (error instanceof MailRejected) return { state: 'FAILED', detail: error.message };
    if (error instanceof MailDeferred) return { state: 'RETRY', detail: error.message, retryAfterMs: null };
    throw error;
  }
}

function toOutgoingMail(draft: MailDraft, messageId: string, from: string): OutgoingMail {
  const { brand, thread, turnOffUrl } = draft;
  // The mail that began it was never sent: every one is an answer to it, whichever of them have arrived.
  const root = thread === null ? null : `<${thread}${messageId.slice(messageId.lastIndexOf('@'))}`;
  return {
    ...{ subject: draft.subject, text: draft.text, html: draft.html },
    ...{ messageId, to: draft.to, automatic: draft.automatic },
    from: { name: brand.emailFromName, address: from },
    ...(draft.isAnswerable && brand.supportEmail !== null
      ? { replyTo: { name: brand.displayName, address: brand.supportEmail } }
      : {}),
    ...(root === null ? {} : { inReplyTo: root, references: [root] }),
    ...(turnOffUrl === null ? {} : { unsubscribeUrl: turnOffUrl }),
  };
}

/**
 * Chooses the Message-ID of a delivery, once for all of its attempts: a mail that is sent twice is then recognized as
 * one, also when the address that it comes from has changed in between.
 */
async function keepMessageId(source: DataSource, { id, workspaceId }: Delivery, from: string): Promise<string> {
  const messageId = `<${encodePublicId('delivery', id)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const [rows] = await within(source, { workspaceId }, (manager) =>
    manager.query<[{ messageId: string }[], number]>(
      `update deliveries set message_id = coalesce(message_id, $3) where id = $1 and workspace_id = $2
       returning message_id as "messageId"`,
      [id, workspaceId, messageId],
    ),
  );
  // Erased meanwhile, with what it was about.
  return rows[0]?.messageId ?? messageId;
}
