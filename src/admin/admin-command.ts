import type { Database } from '../database/database';
import type { Outcome } from '../domain/refusal';
import type { SecretBox } from '../domain/secrets';
import type { PasswordHasher } from '../identity/password-hasher';

/** What the person at the terminal has to correct: one line. */
export class AdminError extends Error {}

export interface Terminal {
  print(line: string): void;
  /** Everything that comes in, until its end. */
  readInput(): Promise<string>;
}

/** Values of the options by name. A required one that is missing is refused before the command runs. */
export interface Options {
  required(name: string): string;
  optional(name: string): string | null;
  isSet(name: string): boolean;
}

export interface AdminContext {
  readonly database: Database;
  readonly passwords: PasswordHasher;
  /** Null where BATON_SECRET_KEY is not set. */
  readonly secrets: SecretBox | null;
  readonly terminal: Terminal;
  readonly options: Options;
}

export interface AdminOption {
  readonly name: string;
  /** Stands for the value in the help; null: an option without a value. */
  readonly value: string | null;
  readonly isRequired: boolean;
}

export interface AdminCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly AdminOption[];
  run(context: AdminContext): Promise<void>;
}

export const needs = (name: string, value: string): AdminOption => ({ name, value, isRequired: true });
export const takes = (name: string, value: string | null): AdminOption => ({ name, value, isRequired: false });

/** The value of an outcome. @throws AdminError with the first refusal, which names the option at fault. */
export function valueOf<Value>(outcome: Outcome<Value>, optionOf: Readonly<Record<string, string>> = {}): Value {
  const [refusal] = outcome.refusals;
  if (refusal !== undefined) {
    const option = optionOf[refusal.path[0] ?? ''];
    throw new AdminError(option === undefined ? refusal.message : `${option}: ${refusal.message}`);
  }
  if (outcome.value === null) throw new Error('A command returned neither a value nor a refusal.');
  return outcome.value;
}
