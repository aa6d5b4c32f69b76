import type { ResolvedBrand } from '../domain/branding';
import type { RenderedMail } from '../delivery/mail/brand';
import { MailDeferred, MailPostponed, MailRejected, MailServerFailed } from '../delivery/mail/mail-errors';
import type { MailAddress, OutgoingMail } from '../delivery/mail/outgoing-mail';
import type { Delivery } from '../entities/delivery';
import { type MailRoute, routeOf } from './mail-route';
import { recordServerFailure, recordServerSuccess } from './mail-server-state';
import type { SendDependencies, SendResult } from './send-result';

/** A mail as its kind makes it: what all of them have in common is added by `sendMail`. */
export interface MailDraft extends RenderedMail {
  readonly brand: ResolvedBrand;
  readonly to: MailAddress;
  /** Where answers go, whatever else there is; left out or null: as the next field says. */
  readonly replyTo?: string | null;
  /** Whether answers go to the brand's address for support, where it has one. */
  readonly isAnswerable: boolean;
  /** What all mails of one thread to one person have in common, such as `conv_….usr_…`. Null: it stands alone. */
  readonly thread: string | null;
  /** Where its reader turns such mails off. Null: it is wanted whatever the settings say. */
  readonly turnOffUrl: string | null;
  /** Written by the server, not by a person. */
  readonly automatic: boolean;
  /** Whether it leaves through the server's own mail server, whatever the workspace has set. */
  readonly isOurs?: boolean;
}

/** Spread, so that mails that were put off together do not come back together. */
const POSTPONED_MS = 10_000;

/** One attempt at the mail of a delivery. Only what is no answer about the mail is thrown. */
export async function sendMail(
  delivery: Delivery,
  draft: MailDraft,
  dependencies: SendDependencies,
): Promise<SendResult> {
  const route = await routeOf(delivery, draft.isOurs ?? false, dependencies);
  const { settings } = route;
  try {
    const { detail } = await route.send(toOutgoingMail(draft, route));
    // Whether or not it is written: the mail has left, and the next one takes the old reason away.
    if (settings !== null) await recordServerSuccess(dependencies.source, settings).catch(() => undefined);
    return { state: 'SENT', detail };
  } catch (error) {
    if (error instanceof MailServerFailed && settings !== null) {
      await recordServerFailure(dependencies.source, settings, error.message);
    }
    return resultOf(error, settings !== null);
  }
}

function resultOf(error: unknown, isOfWorkspace: boolean): SendResult {
  if (error instanceof MailRejected) return { state: 'FAILED', detail: error.message };
  if (error instanceof MailDeferred) {
    return { state: 'RETRY', detail: error.message, retryAfterMs: null, isPatient: isOfWorkspace };
  }
  if (error instanceof MailPostponed) {
    return { state: 'POSTPONED', detail: error.message, delayMs: POSTPONED_MS * (1 + Math.random()) };
  }
  throw error;
}

function toOutgoingMail(draft: MailDraft, { messageId, fromAddress, replyTo }: MailRoute): OutgoingMail {
  const { brand, thread, turnOffUrl } = draft;
  // The mail that began it was never sent: every one is an answer to it, whichever of them have arrived.
  const root = thread === null ? null : `<${thread}${messageId.slice(messageId.lastIndexOf('@'))}`;
  const answersTo = draft.replyTo ?? (draft.isAnswerable ? brand.supportEmail : null) ?? replyTo;
  return {
    ...{ subject: draft.subject, text: draft.text, html: draft.html },
    ...{ messageId, to: draft.to, automatic: draft.automatic },
    from: { name: brand.emailFromName, address: fromAddress },
    ...(answersTo === null ? {} : { replyTo: { name: brand.displayName, address: answersTo } }),
    ...(root === null ? {} : { inReplyTo: root, references: [root] }),
    ...(turnOffUrl === null ? {} : { unsubscribeUrl: turnOffUrl }),
  };
}
