import { replacePassword } from '../commands/user/replace-password';
import { setUserDisabled } from '../commands/user/set-user-disabled';
import { listAccounts } from '../queries/server-accounts';
import { type AdminCommand, needs, valueOf } from './admin-command';
import { choosePassword, PASSWORD_STDIN, printPassword } from './chosen-password';
import { findAccount, nameOf, requireWorkspace, WHO } from './find-account';
import { table } from './table';

export const LIST_USERS: AdminCommand = {
  name: 'list-users',
  summary: 'everybody in a workspace',
  options: [needs('workspace', 'acme')],
  async run(context) {
    const { database, terminal } = context;
    const workspace = await requireWorkspace(context);
    const accounts = await listAccounts(database.source, { workspace, email: null });
    const rows = accounts.map((account) => [
      account.email,
      account.displayName,
      account.workspaceRole ?? account.organizationSlug ?? '',
      account.disabledAt === null ? 'may sign in' : 'disabled',
      account.permissions.join(','),
    ]);
    for (const line of table([['E-MAIL', 'NAME', 'ROLE OR ORGANIZATION', 'STATE', 'PERMISSIONS'], ...rows])) {
      terminal.print(line);
    }
  },
};

export const DISABLE_USER = disabling('disable-user', true, 'ends all sessions of a person and keeps them out');
export const ENABLE_USER = disabling('enable-user', false, 'lets a disabled person sign in again');

export const RESET_PASSWORD: AdminCommand = {
  name: 'reset-password',
  summary: 'gives a person another password and ends all their sessions',
  options: [...WHO, PASSWORD_STDIN],
  async run(context) {
    const { database, passwords, terminal } = context;
    const account = await findAccount(context);
    const chosen = await choosePassword(context);
    const input = { workspaceId: account.workspaceId, id: account.id, password: chosen.password };
    const outcome = await replacePassword(database, input, { passwords });
    const { endedSessions } = valueOf(outcome, { password: 'The password' });
    terminal.print(`${nameOf(account)} has another password. Sessions ended: ${endedSessions}.`);
    printPassword(context, chosen);
  },
};

function disabling(name: string, disabled: boolean, summary: string): AdminCommand {
  return {
    name,
    summary,
    options: WHO,
    async run(context) {
      const account = await findAccount(context);
      const input = { workspaceId: account.workspaceId, id: account.id, disabled };
      const { endedSessions } = valueOf(await setUserDisabled(context.database, input));
      const told = disabled ? `is disabled. Sessions ended: ${endedSessions}.` : 'may sign in.';
      context.terminal.print(`${nameOf(account)} ${told}`);
    },
  };
}
