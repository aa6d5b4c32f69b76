import { type AccountSummary, listAccounts, listWorkspaces } from '../queries/server-accounts';
import { type AdminContext, AdminError, needs, takes } from './admin-command';

export const WHO = [needs('email', 'ada@acme.example'), takes('workspace', 'acme')];

/** The one account that is meant. One address may have an account in each of several workspaces. */
export async function findAccount({ database, options }: AdminContext): Promise<AccountSummary> {
  const email = options.required('email').trim();
  const workspace = options.optional('workspace');
  const [account, ...others] = await listAccounts(database.source, { email, workspace });
  if (account === undefined) {
    throw new AdminError(
      `Nobody${workspace === null ? '' : ` in the workspace ${workspace}`} has the address ${email}.`,
    );
  }
  if (others.length === 0) return account;
  const slugs = [account, ...others].map(({ workspaceSlug }) => workspaceSlug).join(', ');
  throw new AdminError(`${email} has accounts in several workspaces: name one with --workspace (${slugs}).`);
}

export function nameOf({ email, workspaceSlug }: AccountSummary): string {
  return `${email} of the workspace ${workspaceSlug}`;
}

/** Slug of a workspace that exists, from the required option `--workspace`. */
export async function requireWorkspace({ database, options }: AdminContext): Promise<string> {
  const workspace = options.required('workspace');
  const known = await listWorkspaces(database.source);
  if (!known.some(({ slug }) => slug === workspace)) throw new AdminError(`There is no workspace ${workspace}.`);
  return workspace;
}
