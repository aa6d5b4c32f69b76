import { createHmac } from 'node:crypto';
import type { MailTokenKind, MailTokens } from '../domain/mail-token';

const PREFIXES: Record<MailTokenKind, string> = { INVITATION: 'bat_i_', PASSWORD_RESET: 'bat_p_' };

/** @param secret shared by every process of an installation; with another one, links that are out stop working */
export function createMailTokens(secret: string): MailTokens {
  return (kind, id) => PREFIXES[kind] + createHmac('sha256', secret).update(`${kind}:${id}`).digest('base64url');
}
