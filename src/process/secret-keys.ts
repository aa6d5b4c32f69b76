import { randomUUID, scryptSync } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config';
import { isSecretKey } from '../config/secret-key';
import type { SecretBox } from '../domain/secrets';
import { createSecretBox, newSecretKey } from '../identity/secret-box';
import { StartError } from './run-root';

const FILE = 'secret-key';
const KEY_BYTES = 32;
/** Part of the key: changing it makes every secret that is sealed so unreadable. */
const DERIVATION = 'baton secret key v1';

/**
 * The box under the keys of BATON_SECRET_KEY, else under one that is made of the password in DATABASE_URL, else under
 * that of the file `secret-key` in the data directory, which the first process makes.
 *
 * @throws StartError when the file cannot be made, read or used
 */
export function secretBoxOf(config: Config): SecretBox {
  return createSecretBox(keysOf(config));
}

function keysOf({ secretKeys, dataDir, database }: Config): Buffer[] {
  if (secretKeys.length > 0) return secretKeys.map(toBytes);
  const password = database.url === null ? '' : decodeURIComponent(new URL(database.url).password);
  if (password === '') return [toBytes(keyOfFile(dataDir))];
  // Processes beside each other share the database and nothing else: keys in their data directories would lock them out
  // of each other's secrets. The password is in no dump. A file that is there still opens what was sealed with it.
  const derived = scryptSync(password, DERIVATION, KEY_BYTES, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
  return read(join(dataDir, FILE)) === null ? [derived] : [derived, toBytes(keyOfFile(dataDir))];
}

const toBytes = (key: string): Buffer => Buffer.from(key, 'base64');

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
