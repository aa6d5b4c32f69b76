import type { EntityManager } from 'typeorm';
import { within } from '../database/scope';
import { encodePublicId } from '../domain/public-id';
import { mailPasswordPlace } from '../domain/secrets';
import { MailServerFailed } from '../delivery/mail/mail-errors';
import type { MailTransport } from '../delivery/mail/mail-transport';
import type { Delivery } from '../entities/delivery';
import { MailSettings } from '../entities/mail-settings';
import type { SendDependencies } from './send-result';

/** How one mail leaves: by which server, from which address, under which id. */
export interface MailRoute {
  readonly messageId: string;
  readonly fromAddress: string;
  /** Where answers go that the brand has no address for. */
  readonly replyTo: string | null;
  readonly send: MailTransport['send'];
  /** Of the workspace whose server it is; null: it is the server's own. */
  readonly settings: MailSettings | null;
}

/**
 * The server of the workspace once a test mail has gone through it, else the server's own. A workspace's server that
 * does not work is not passed over: its mails would come from an address that their readers do not know, and those that
 * it had taken before the connection broke would come twice, by two ways.
 *
 * @param isOurs the mail leaves through the server's own in any case
 */
export async function routeOf(delivery: Delivery, isOurs: boolean, dependencies: SendDependencies): Promise<MailRoute> {
  const { source, mail, mailFrom } = dependencies;
  const { workspaceId } = delivery;
  return within(source, { workspaceId }, async (manager) => {
    const stored = isOurs ? null : await manager.findOneBy(MailSettings, { workspaceId });
    const settings = stored?.verifiedAt == null ? null : stored;
    const fromAddress = settings?.fromAddress ?? mailFrom;
    const messageId = delivery.mailId ?? (await keepMessageId(manager, delivery, fromAddress));
    const route = { messageId, fromAddress, replyTo: settings?.replyTo ?? null, settings };
    return { ...route, send: settings === null ? (each) => mail.send(each) : senderOf(settings, dependencies) };
  });
}

function senderOf(settings: MailSettings, { workspaceMail, openSecret }: SendDependencies): MailTransport['send'] {
  const { workspaceId, version, host, port, security, username } = settings;
  return async (mail) => {
    const password = settings.password && openSecret(settings.password, mailPasswordPlace(workspaceId));
    if (password === null && settings.password !== null) {
      throw new MailServerFailed('The password of the mail server cannot be read any more. Set it again.');
    }
    return workspaceMail.send({ workspaceId, version, host, port, security, username, password }, mail);
  };
}

/**
 * Chooses the Message-ID of a delivery, once for all of its attempts: a mail that is sent twice is then recognized as
 * one, also when the address that it comes from has changed in between.
 */
async function keepMessageId(manager: EntityManager, { id, workspaceId }: Delivery, from: string): Promise<string> {
  const messageId = `<${encodePublicId('delivery', id)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const [rows] = await manager.query<[{ mailId: string }[], number]>(
    `update deliveries set mail_id = coalesce(mail_id, $3) where id = $1 and workspace_id = $2
     returning mail_id as "mailId"`,
    [id, workspaceId, messageId],
  );
  // Erased meanwhile, with what it was about.
  return rows[0]?.mailId ?? messageId;
}
