import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import type { SmtpSecurity } from '../../domain/mail-server';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { mailPasswordPlace } from '../../domain/secrets';
import { checkEmail } from '../../domain/validation/email';
import { whenSet } from '../../domain/validation/patch';
import { checkLine } from '../../domain/validation/text';
import { checkWholeNumber } from '../../domain/validation/whole-number';
import { MailSettings } from '../../entities/mail-settings';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { refuseUnlessStaff } from '../organization/refuse-unless-staff';

/** Replaces what was set as a whole. Only the password is kept when it is left out and server and name stay the same. */
export interface UpdateWorkspaceMailSettings {
  readonly workspaceId: string;
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  readonly username?: string | null;
  /** Null takes it away. */
  readonly password?: string | null;
  readonly fromAddress: string;
  readonly replyTo?: string | null;
}

export interface MailSettingsDependencies {
  /** Null: a mail server in the public internet, on a port of mail. Looks the name up: never inside of a transaction. */
  readonly checkMailServer: (address: { host: string; port: number }) => Promise<null | { readonly message: string }>;
  /** Whether servers on this machine may be used, and without encryption. */
  readonly allowsLoopback: boolean;
  readonly sealSecret: (clear: string, place: string) => string;
}

const MAX_HOST = 253;
const MAX_USERNAME = 320;
const MAX_PASSWORD = 1000;

/**
 * Says through which server, and from whom, the mails of a workspace leave. Staff only. Nothing is sent that way before
 * `sendTestMail` has worked; until then mails leave through the server's own. UNSAFE_URL for a host in a private network.
 */
export async function updateWorkspaceMailSettings(
  database: Database,
  principal: Principal,
  input: UpdateWorkspaceMailSettings,
  dependencies: MailSettingsDependencies,
): Promise<Outcome<MailSettings>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  const invalid = checkInput(input, dependencies);
  if (invalid.length > 0) return refused(invalid);
  const unsafe = await dependencies.checkMailServer({ host: hostOf(input), port: input.port });
  if (unsafe !== null) return refused(refusal('UNSAFE_URL', unsafe.message, 'host'));
  return transact(database, principal, async (transaction) => {
    await lockWorkspace(transaction, input.workspaceId);
    const stored = await transaction.rows(MailSettings, input.workspaceId).find({});
    const moved = refuseToMovePassword(input, stored);
    if (moved.length > 0) return refused(moved);
    return done(await save(transaction, principal, input, stored, dependencies));
  });
}

async function save(
  transaction: Transaction,
  principal: Principal,
  input: UpdateWorkspaceMailSettings,
  stored: MailSettings | null,
  { sealSecret }: MailSettingsDependencies,
): Promise<MailSettings> {
  const { workspaceId } = input;
  const wanted = { ...valuesOf(input), password: passwordOf(input, stored) };
  // Another text each time it is sealed: what is given is a change, what is kept is none.
  const changes = changesOf(stored ?? {}, wanted);
  if (stored !== null && changes.length === 0) return stored;
  const change = {
    ...wanted,
    password: input.password ? sealSecret(input.password, mailPasswordPlace(workspaceId)) : wanted.password,
    version: (stored?.version ?? 0) + 1,
    ...{ verifiedAt: null, lastError: null, lastErrorAt: null },
    updatedAt: await transaction.now(),
  };
  const rows = transaction.rows(MailSettings, workspaceId);
  if (stored === null) await rows.insert(change);
  else await rows.update({}, change);
  const subject = { id: workspaceId, workspaceId, organizationId: null };
  await audit(transaction, principal, 'WORKSPACE_MAIL_SETTINGS_UPDATED', subject, changes);
  return { ...change, workspaceId };
}

function valuesOf(input: UpdateWorkspaceMailSettings) {
  return {
    ...{ host: hostOf(input), port: input.port, security: input.security },
    username: input.username?.trim() || null,
    fromAddress: input.fromAddress.trim(),
    replyTo: input.replyTo?.trim() || null,
  };
}

function hostOf({ host }: UpdateWorkspaceMailSettings): string {
  return host.trim().toLowerCase().replace(/\.$/, '');
}

/** In clear what is given, sealed what is kept. */
function passwordOf(input: UpdateWorkspaceMailSettings, stored: MailSettings | null): string | null {
  if (input.password !== undefined) return input.password || null;
  return stored?.password ?? null;
}

function checkInput(input: UpdateWorkspaceMailSettings, { allowsLoopback }: MailSettingsDependencies): Refusal[] {
  const refusals = [
    ...checkLine(input.host, MAX_HOST, 'host'),
    ...checkWholeNumber(input.port, 1, 65_535, 'port'),
    ...whenSet(input.username || null, (name) => checkLine(name, MAX_USERNAME, 'username')),
    ...whenSet(input.password || null, (password) => checkLine(password, MAX_PASSWORD, 'password')),
    ...checkEmail(input.fromAddress, 'fromAddress'),
    ...whenSet(input.replyTo || null, checkEmail, 'replyTo'),
  ];
  if (input.password && !input.username?.trim()) {
    refusals.push(refusal('INVALID', 'A password takes a user name.', 'username'));
  }
  if (input.security === 'NONE' && !allowsLoopback) {
    refusals.push(refusal('INVALID', 'Mails must be encrypted on their way: choose TLS or STARTTLS.', 'security'));
  }
  return refusals;
}

/** It cannot be read, but it is sent to the host: whoever could change that alone would have it sent to themselves. */
function refuseToMovePassword(input: UpdateWorkspaceMailSettings, stored: MailSettings | null): Refusal[] {
  if (input.password !== undefined || stored?.password == null) return [];
  const { host, port, security, username } = valuesOf(input);
  const stays = host === stored.host && port === stored.port && security === stored.security;
  if (stays && username === stored.username) return [];
  return [refusal('INVALID', 'This is another server or user than before: give the password again.', 'password')];
}
