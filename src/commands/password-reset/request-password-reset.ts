import { setTimeout as delay } from 'node:timers/promises';
import { MoreThan } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import { type ClientFacts, clientOf } from '../../domain/actor';
import type { MailTokens } from '../../domain/mail-token';
import { done, type Outcome } from '../../domain/refusal';
import { PasswordReset } from '../../entities/password-reset';
import { User } from '../../entities/user';
import { hashToken } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { addMail } from '../delivery/add-mail';
import { findAccounts } from '../session/find-accounts';

export interface RequestPasswordReset extends Partial<ClientFacts> {
  readonly email: string;
  /** Slug of the workspace; without it, every account of the address gets its mail. */
  readonly workspace?: string | null;
}

const HOUR_MS = 60 * 60 * 1000;
const VALID_MS = HOUR_MS;
/** Mails to one account in an hour. More of them are dropped without a word. */
const MAX_PER_HOUR = 3;
/** Several times what the writing takes: whether anything was written cannot be seen in the time of the answer. */
const ANSWER_AFTER_MS = 400;

/**
 * Mails a link for another password to whoever has the address. Never refused and never answered before its time, so
 * that it tells nothing about who exists, who is disabled, or how often somebody has asked.
 */
export async function requestPasswordReset(
  database: Database,
  input: RequestPasswordReset,
  { mailTokens, answerAfterMs = ANSWER_AFTER_MS }: { readonly mailTokens: MailTokens; readonly answerAfterMs?: number },
): Promise<Outcome<true>> {
  await Promise.all([mailResets(database, input, mailTokens), delay(answerAfterMs)]);
  return done(true);
}

async function mailResets(database: Database, input: RequestPasswordReset, mailTokens: MailTokens): Promise<void> {
  for (const account of await findAccounts(database, input)) await mailReset(database, account, input, mailTokens);
}

async function mailReset(
  database: Database,
  account: User,
  input: RequestPasswordReset,
  mailTokens: MailTokens,
): Promise<void> {
  const { workspaceId } = account;
  await transact(database, { workspaceId }, async (transaction) => {
    // Locked, so that requests at the same moment are counted one after the other.
    const user = await transaction.rows(User, workspaceId).lock({ id: account.id });
    if (user === null || user.disabledAt !== null) return;
    const now = await transaction.now();
    const resets = transaction.rows(PasswordReset, workspaceId);
    const recent = await resets.list({ userId: user.id, createdAt: MoreThan(new Date(now.getTime() - HOUR_MS)) });
    if (recent.length >= MAX_PER_HOUR) return;
    const id = newId();
    await resets.insert({
      id,
      userId: user.id,
      tokenHash: hashToken(mailTokens('PASSWORD_RESET', id)),
      expiresAt: new Date(now.getTime() + VALID_MS),
      endedAt: null,
      createdAt: now,
    });
    await addMail(transaction, user, { passwordResetId: id }, now);
    await audit(transaction, { kind: 'ANONYMOUS', ...clientOf(input) }, 'PASSWORD_RESET_REQUESTED', user);
  });
}
