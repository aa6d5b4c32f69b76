import { randomUUID } from 'node:crypto';
import type { MailProbe } from '../commands/mail-settings/send-test-mail';
import { read } from '../database/scope';
import { MailDeferred, MailRejected } from '../delivery/mail/mail-errors';
import { renderTestMail } from '../delivery/mail/test-mail';
import { createWorkspaceSender } from '../delivery/mail/workspace-sender';
import type { MailServers } from '../outgoing/mail-servers';
import { languagesOf, readLetterhead } from '../workers/read-letterhead';
import { catalogueOf } from './catalogue';
import type { Core } from './core';
import { serverBrandOf } from './server-brand';

/** Sends one test mail over a connection of its own. Answers why it was not taken; null when it was. */
export function probeMailOf(
  { config, database, log }: Core,
  servers: Pick<MailServers, 'connect'>,
): (probe: MailProbe) => Promise<string | null> {
  const catalogue = catalogueOf(config, log);
  return async ({ server, fromAddress, replyTo, recipient }) => {
    const letterhead = await read(database.source, recipient, (manager) =>
      readLetterhead(manager, recipient, serverBrandOf(config)),
    );
    const { brand } = letterhead;
    const texts = catalogue.textsFor(...languagesOf(recipient, letterhead));
    const names = { recipientName: recipient.displayName, host: server.host, fromAddress };
    const sender = createWorkspaceSender({ server, servers, maxConnections: 1, log: () => undefined });
    try {
      await sender.send({
        ...renderTestMail({ brand, texts, ...names }),
        messageId: `<test-${randomUUID()}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}>`,
        from: { name: brand.emailFromName, address: fromAddress },
        to: { name: recipient.displayName, address: recipient.email },
        ...(replyTo === null ? {} : { replyTo: { name: brand.displayName, address: replyTo } }),
        automatic: true,
      });
      return null;
    } catch (error) {
      if (error instanceof MailRejected || error instanceof MailDeferred) return error.message;
      throw error;
    } finally {
      await sender.close();
    }
  };
}
