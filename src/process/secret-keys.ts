import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config';
import { isSecretKey } from '../config/secret-key';
import type { SecretBox } from '../domain/secrets';
import { createSecretBox, newSecretKey } from '../identity/secret-box';
import { StartError } from './run-root';

const FILE = 'secret-key';

/**
 * The box under the keys of BATON_SECRET_KEY, else under that of the file `secret-key` in the data directory, which the
 * first process makes.
 *
 * @throws StartError when the file cannot be made, read or used
 */
export function secretBoxOf(config: Config): SecretBox {
  const keys = config.secretKeys.length > 0 ? config.secretKeys : [keyOfFile(config.dataDir)];
  return createSecretBox(keys.map((key) => Buffer.from(key, 'base64')));
}

function keyOfFile(directory: string): string {
  const path = join(directory, FILE);
  let key: string;
  try {
    key = (read(path) ?? make(directory, path)).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new StartError(
      `the file ${FILE} in BATON_DATA_DIR can be neither read nor made (${code}): set BATON_SECRET_KEY.`,
    );
  }
  if (isSecretKey(key)) return key;
  throw new StartError(
    `the file ${FILE} in BATON_DATA_DIR holds no key: bring back the right one, or set BATON_SECRET_KEY.`,
  );
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Linked into place: of several processes that make one the first wins, and none ever reads half a file. */
function make(directory: string, path: string): string {
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `${FILE}.${randomUUID()}`);
  writeFileSync(temporary, `${newSecretKey()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary);
  }
  return readFileSync(path, 'utf8');
}
