import type { EntityManager } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { renderPasswordResetMail } from '../delivery/mail/password-reset-mail';
import type { Delivery } from '../entities/delivery';
import { PasswordReset } from '../entities/password-reset';
import { User } from '../entities/user';
import { languagesOf, type Letterhead, readLetterhead } from './read-letterhead';
import { sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

const HOUR_MS = 3_600_000;

/** Mails a link for another password, unless it is useless by now. */
export async function sendPasswordReset(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, mailTokens, serverBrand, catalogue } = dependencies;
  const found = await read(source, delivery, (manager) => readReset(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { reset, user, letterhead } = found;
  const { brand } = letterhead;
  if (user.disabledAt !== null) return { state: 'SKIPPED', detail: 'ACCESS_LOST' };
  const token = mailTokens('PASSWORD_RESET', reset.id);
  const texts = catalogue.textsFor(...languagesOf(user, letterhead));
  const hours = Math.round((reset.expiresAt.getTime() - reset.createdAt.getTime()) / HOUR_MS);
  const draft = {
    ...renderPasswordResetMail({ brand, texts, recipientName: user.displayName, token, hours }),
    ...{ brand, to: { name: user.displayName, address: user.email } },
    ...{ thread: null, turnOffUrl: null, isAnswerable: true, automatic: true },
    // Whoever has the workspace's mail server at hand must not become an owner by it; and staff must be let in to mend it.
    isOurs: user.workspaceRole !== null,
  };
  return sendMail(delivery, draft, dependencies);
}

async function readReset(
  manager: EntityManager,
  { passwordResetId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<{ reset: PasswordReset; user: User; letterhead: Letterhead } | null> {
  const reset = await manager.findOneBy(PasswordReset, { id: passwordResetId ?? '', workspaceId });
  if (reset === null || reset.endedAt !== null || reset.expiresAt.getTime() <= Date.now()) return null;
  const user = await manager.findOneByOrFail(User, { id: reset.userId, workspaceId });
  return { reset, user, letterhead: await readLetterhead(manager, user, server) };
}
