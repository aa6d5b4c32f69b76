import { parseArgs } from 'node:util';
import { createDataSource } from '../database/data-source';
import type { SecretBox } from '../domain/secrets';
import { createPasswordHasher } from '../identity/password-hasher';
import { requireApplicationRole } from '../process/require-application-role';
import { requireMigrated } from '../process/require-migrated';
import { type AdminCommand, AdminError, type Options, type Terminal } from './admin-command';
import { helpText } from './help-text';
import { LIST_KEYS, REVOKE_KEY } from './key-commands';
import { ROTATE_KEYS } from './secret-commands';
import { END_SESSIONS, LIST_SESSIONS } from './session-commands';
import { DISABLE_USER, ENABLE_USER, LIST_USERS, RESET_PASSWORD } from './user-commands';
import { CREATE_WORKSPACE, LIST_WORKSPACES } from './workspace-commands';

const COMMANDS = [
  CREATE_WORKSPACE,
  LIST_WORKSPACES,
  LIST_USERS,
  DISABLE_USER,
  ENABLE_USER,
  RESET_PASSWORD,
  LIST_SESSIONS,
  END_SESSIONS,
  LIST_KEYS,
  REVOKE_KEY,
  ROTATE_KEYS,
];
const SEE_HELP = 'See `npm run admin -- help`.';

/**
 * Runs one command of `npm run admin`. The database is asked for only once the arguments make sense.
 *
 * @throws AdminError or StartError with one line for the person at the terminal
 */
export async function runAdmin(
  args: readonly string[],
  terminal: Terminal,
  server: { findDatabase(): Promise<string>; readonly secrets: SecretBox | null },
): Promise<void> {
  const [name = 'help', ...rest] = args;
  if (name === 'help' || args.includes('--help')) {
    terminal.print(helpText(COMMANDS));
    return;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw new AdminError(`There is no command ${name}. ${SEE_HELP}`);
  const options = readOptions(command, rest);
  const source = createDataSource({ url: await server.findDatabase(), poolSize: 2, applicationName: 'baton-admin' });
  await source.initialize();
  try {
    await requireApplicationRole(source);
    await requireMigrated(source);
    // Nobody is told: the processes that run look into the outbox by themselves every 2 s.
    const database = { source, afterCommit: () => undefined };
    const { secrets } = server;
    await command.run({ database, passwords: createPasswordHasher(), secrets, terminal, options });
  } finally {
    await source.destroy();
  }
}

function readOptions(command: AdminCommand, args: string[]): Options {
  const values = parse(command, args);
  const missing = command.options.find(({ name, isRequired }) => isRequired && values[name] === undefined);
  if (missing !== undefined) throw new AdminError(`${command.name} needs --${missing.name}. ${SEE_HELP}`);
  const optional = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    optional,
    required: (name) => {
      const value = optional(name);
      if (value === null) throw new Error(`--${name} is not a required option of ${command.name}.`);
      return value;
    },
    isSet: (name) => values[name] === true,
  };
}

function parse(command: AdminCommand, args: string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' } as const]),
  );
  try {
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
    return values;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS_')) throw error;
    // Node's first sentence says what is wrong; the rest is advice for a case that does not exist here.
    throw new AdminError(`${command.name}: ${message.split(/\.\s/)[0]?.split('\n')[0]}. ${SEE_HELP}`, { cause: error });
  }
}
