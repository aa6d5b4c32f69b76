import type { Brand, RenderedMail } from './brand';
import { singleLine } from './outgoing-mail';
import { renderTokenMail } from './token-mail';

export interface PasswordResetMailContent {
  readonly brand: Brand;
  readonly recipientName: string;
  readonly token: string;
}

/** The branded mail that lets somebody choose another password; without a dashboard it brings the code itself. Pure. */
export function renderPasswordResetMail({ brand, recipientName, token }: PasswordResetMailContent): RenderedMail {
  const brandName = singleLine(brand.displayName, 100);
  const subject = `Your password at ${brandName}`;
  const intro = `Hello ${singleLine(recipientName, 100)}, somebody asked for another password for your account.`;
  const limit = 'This works once and for one hour. It ends all your sessions.';
  const footer = `If it was not you, ignore this mail from ${brandName}: your password stays as it is.`;
  return renderTokenMail({
    brand,
    subject,
    intro,
    action: 'Choose another password',
    path: 'password-reset',
    token,
    limit,
    footer,
  });
}
