import { withdrawApiKey } from '../commands/api-key/revoke-api-key';
import { type KeySummary, listKeys } from '../queries/server-credentials';
import { type AdminCommand, AdminError, needs, valueOf } from './admin-command';
import { requireWorkspace } from './find-account';
import { table } from './table';

const STATES: Record<KeySummary['state'], string> = { VALID: 'valid', EXPIRED: 'expired', REVOKED: 'revoked' };

export const LIST_KEYS: AdminCommand = {
  name: 'list-keys',
  summary: 'every API key of a workspace, without its secret, which nobody has',
  options: [needs('workspace', 'acme')],
  async run(context) {
    const workspace = await requireWorkspace(context);
    const keys = await listKeys(context.database.source, { workspace, prefix: null });
    const rows = keys.map((key) => [
      key.prefix,
      key.name,
      key.agentName ?? 'back end',
      key.createdAt.toISOString().slice(0, 10),
      key.lastUsedAt?.toISOString().slice(0, 10) ?? 'never',
      STATES[key.state],
    ]);
    for (const line of table([['PREFIX', 'NAME', 'AGENT', 'CREATED', 'LAST USED', 'STATE'], ...rows])) {
      context.terminal.print(line);
    }
  },
};

export const REVOKE_KEY: AdminCommand = {
  name: 'revoke-key',
  summary: 'ends an API key for good, with its sockets',
  options: [needs('workspace', 'acme'), needs('prefix', 'bat_k_0123456789ab')],
  async run(context) {
    const workspace = await requireWorkspace(context);
    const prefix = context.options.required('prefix');
    const [key] = await listKeys(context.database.source, { workspace, prefix });
    if (key === undefined) throw new AdminError(`No API key of the workspace ${workspace} begins with ${prefix}.`);
    const { name } = valueOf(await withdrawApiKey(context.database, key));
    context.terminal.print(`The API key ${prefix} (${name}) is revoked.`);
  },
};
