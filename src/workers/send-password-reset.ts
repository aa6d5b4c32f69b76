import type { EntityManager } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer, ResolvedBrand } from '../domain/branding';
import { renderPasswordResetMail } from '../delivery/mail/password-reset-mail';
import type { Delivery } from '../entities/delivery';
import { PasswordReset } from '../entities/password-reset';
import { User } from '../entities/user';
import { readBrand } from './read-alert';
import { messageIdOf, sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails a link for another password, unless it is useless by now. */
export async function sendPasswordReset(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, mail, mailFrom, mailTokens, serverBrand } = dependencies;
  const found = await read(source, delivery, (manager) => readReset(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { reset, user, brand } = found;
  if (user.disabledAt !== null) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  const token = mailTokens('PASSWORD_RESET', reset.id);
  return sendMail(mail, {
    ...renderPasswordResetMail({ brand, recipientName: user.displayName, token }),
    messageId: messageIdOf(delivery.id, mailFrom),
    from: { name: brand.emailFromName, address: mailFrom },
    to: { name: user.displayName, address: user.email },
    ...(brand.supportEmail === null ? {} : { replyTo: { name: brand.displayName, address: brand.supportEmail } }),
    automatic: true,
  });
}

async function readReset(
  manager: EntityManager,
  { passwordResetId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<{ reset: PasswordReset; user: User; brand: ResolvedBrand } | null> {
  const reset = await manager.findOneBy(PasswordReset, { id: passwordResetId ?? '', workspaceId });
  if (reset === null || reset.endedAt !== null || reset.expiresAt.getTime() <= Date.now()) return null;
  const user = await manager.findOneByOrFail(User, { id: reset.userId, workspaceId });
  return { reset, user, brand: await readBrand(manager, user, server) };
}
