import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal, UserPrincipal } from '../../domain/actor';
import type { MailServer } from '../../domain/mail-server';
import { done, forbidden, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { mailPasswordPlace } from '../../domain/secrets';
import { MailSettings } from '../../entities/mail-settings';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { refuseUnlessStaff } from '../organization/refuse-unless-staff';
import { hurryMails } from './hurry-mails';

/** A mail to try a server with, and to whom it goes. */
export interface MailProbe {
  readonly server: MailServer;
  readonly fromAddress: string;
  readonly replyTo: string | null;
  readonly recipient: Pick<User, 'workspaceId' | 'email' | 'displayName' | 'locale' | 'organizationId'>;
}

export interface SendTestMailDependencies {
  readonly openSecret: (stored: string, place: string) => string | null;
  /** Sends it, outside of every transaction. Null: the server took it; else why not. */
  readonly probeMail: (probe: MailProbe) => Promise<string | null>;
}

const MAX_ERROR = 500;

/**
 * Sends a test mail to the caller's own address with the settings as they are. When the server takes it they are
 * verified, and from then on mails of the workspace leave that way. INVALID with the server's words when it does not.
 */
export async function sendTestMail(
  database: Database,
  principal: Principal,
  input: { readonly workspaceId: string },
  dependencies: SendTestMailDependencies,
): Promise<Outcome<MailSettings>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  if (principal.kind !== 'USER')
    return refused(forbidden('The mail goes to a person: only one who is signed in can ask for it.'));
  const { settings, recipient } = await transact(database, principal, async (transaction) => ({
    settings: await transaction.rows(MailSettings, input.workspaceId).find({}),
    recipient: await transaction.rows(User, input.workspaceId).find({ id: principal.userId }),
  }));
  if (settings === null || recipient === null) return refused(refuseNothing());
  const server = serverOf(settings, dependencies);
  if (server === null)
    return refused(refusal('INVALID', 'The password cannot be read any more. Set it again.'), settings);
  const { fromAddress, replyTo } = settings;
  const problem = await dependencies.probeMail({ server, fromAddress, replyTo, recipient });
  return record(database, principal, settings, problem);
}

function refuseNothing(): Refusal {
  return refusal('INVALID', 'There is nothing to test: set the mail server first.');
}

/** Null when no key of this server opens the password. */
function serverOf(settings: MailSettings, { openSecret }: SendTestMailDependencies): MailServer | null {
  const { host, port, security, username, workspaceId } = settings;
  const password = settings.password && openSecret(settings.password, mailPasswordPlace(workspaceId));
  return password === null && settings.password !== null ? null : { host, port, security, username, password };
}

/** What was found out counts for the settings that were tried, and not for what somebody has saved meanwhile. */
async function record(
  database: Database,
  principal: UserPrincipal,
  { workspaceId, version }: MailSettings,
  problem: string | null,
): Promise<Outcome<MailSettings>> {
  return transact(database, principal, async (transaction) => {
    const now = await transaction.now();
    const rows = transaction.rows(MailSettings, workspaceId);
    const works = { verifiedAt: now, lastError: null, lastErrorAt: null };
    const fails = { lastError: problem?.slice(0, MAX_ERROR) ?? null, lastErrorAt: now };
    const changed = await rows.update({ version }, problem === null ? works : fails);
    const settings = await rows.find({});
    if (changed === 0) {
      return refused(refusal('CONFLICT', 'The settings were changed during the test. Test them again.'), settings);
    }
    if (problem !== null)
      return refused(refusal('INVALID', `The mail server did not take the test: ${problem}`), settings);
    const subject = { id: workspaceId, workspaceId, organizationId: null };
    await audit(transaction, principal, 'WORKSPACE_MAIL_SETTINGS_VERIFIED', subject);
    await hurryMails(transaction, workspaceId);
    return settings === null ? refused(refuseNothing()) : done(settings);
  });
}
