import { randomBytes } from 'node:crypto';
import { type AdminContext, AdminError, takes } from './admin-command';

export const PASSWORD_STDIN = takes('password-stdin', null);

export interface ChosenPassword {
  readonly password: string;
  /** Whether nobody knows it yet, so that it has to be printed. */
  readonly isGenerated: boolean;
}

/** From stdin where that was asked for, else 144 random bits. Never an argument: every account can read those. */
export async function choosePassword({ options, terminal }: AdminContext): Promise<ChosenPassword> {
  if (!options.isSet(PASSWORD_STDIN.name)) {
    return { password: randomBytes(18).toString('base64url'), isGenerated: true };
  }
  const password = (await terminal.readInput()).replace(/\r?\n$/, '');
  if (/[\r\n]/.test(password)) throw new AdminError('--password-stdin: the password must be a single line.');
  return { password, isGenerated: false };
}

export function printPassword({ terminal }: AdminContext, { password, isGenerated }: ChosenPassword): void {
  if (isGenerated) terminal.print(`Password (shown this once): ${password}`);
}
