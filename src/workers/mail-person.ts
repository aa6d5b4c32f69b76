import type { RenderedMail } from '../delivery/mail/brand';
import type { Texts } from '../delivery/mail/texts';
import type { Delivery } from '../entities/delivery';
import type { ReadAlert } from './read-alert';
import { languagesOf } from './read-letterhead';
import { sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** The words for the person that a notification is for. */
export function textsOf({ user, letterhead }: ReadAlert, { catalogue }: SendDependencies): Texts {
  return catalogue.textsFor(...languagesOf(user, letterhead));
}

/** Where the person turns such mails off. Null: this server has no address of its own. */
export function turnOffUrlOf({ user }: ReadAlert, { turnOffUrl }: SendDependencies): string | null {
  return turnOffUrl({ workspaceId: user.workspaceId, userId: user.id });
}

/** Mails a notification to its person, as the server: nobody is there to answer to. */
export function mailPerson(
  delivery: Delivery,
  alert: ReadAlert,
  mail: RenderedMail & { readonly thread: string | null; readonly turnOffUrl: string | null },
  dependencies: SendDependencies,
): Promise<SendResult> {
  const { user, letterhead } = alert;
  const to = { name: user.displayName, address: user.email };
  return sendMail(
    delivery,
    { ...mail, brand: letterhead.brand, to, isAnswerable: false, automatic: true },
    dependencies,
  );
}
