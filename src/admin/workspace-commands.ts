import { createWorkspace } from '../commands/workspace/create-workspace';
import { listWorkspaces } from '../queries/server-accounts';
import { type AdminCommand, needs, takes, valueOf } from './admin-command';
import { choosePassword, PASSWORD_STDIN, printPassword } from './chosen-password';
import { table } from './table';

const OPTION_OF = {
  slug: '--slug',
  name: '--name',
  ownerEmail: '--owner-email',
  ownerName: '--owner-name',
  ownerPassword: 'The password',
};

export const CREATE_WORKSPACE: AdminCommand = {
  name: 'create-workspace',
  summary: 'makes a workspace and its owner, who can then sign in and make everything else',
  options: [
    needs('slug', 'acme'),
    needs('name', '"Acme Ltd"'),
    needs('owner-email', 'olivia@acme.example'),
    takes('owner-name', '"Olivia"'),
    PASSWORD_STDIN,
  ],
  async run(context) {
    const { database, passwords, terminal, options } = context;
    const ownerEmail = options.required('owner-email');
    const chosen = await choosePassword(context);
    const input = {
      slug: options.required('slug'),
      name: options.required('name'),
      ownerEmail,
      ownerName: options.optional('owner-name') ?? ownerEmail.replace(/@.*$/, ''),
      ownerPassword: chosen.password,
    };
    const { workspace, owner } = valueOf(await createWorkspace(database, input, { passwords }), OPTION_OF);
    terminal.print(`The workspace ${workspace.slug} is made. Its owner signs in as ${owner.email}.`);
    printPassword(context, chosen);
  },
};

export const LIST_WORKSPACES: AdminCommand = {
  name: 'list-workspaces',
  summary: 'every workspace of this server',
  options: [],
  async run({ database, terminal }) {
    const rows = (await listWorkspaces(database.source)).map((workspace) => [
      workspace.slug,
      workspace.name,
      String(workspace.organizations),
      String(workspace.users),
      workspace.createdAt.toISOString().slice(0, 10),
    ]);
    for (const line of table([['SLUG', 'NAME', 'ORGANIZATIONS', 'USERS', 'CREATED'], ...rows])) terminal.print(line);
  },
};
