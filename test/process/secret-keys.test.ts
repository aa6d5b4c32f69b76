import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config/read-config';
import type { SecretBox } from '../../src/domain/secrets';
import { StartError } from '../../src/process/run-root';
import { secretBoxOf } from '../../src/process/secret-keys';
import { TEST_SECRET_KEY, testSecrets } from '../support/secrets';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-key-'));
  file = join(folder, 'data', 'secret-key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const boxWith = (env: NodeJS.ProcessEnv = {}): SecretBox =>
  secretBoxOf(readConfig({ BATON_DATA_DIR: join(folder, 'data'), ...env }));

describe('secretBoxOf', () => {
  it.each([
    ['holds no key', 'not a key\n'],
    ['is empty', ''],
    ['is one character short', TEST_SECRET_KEY.slice(1)],
  ])('refuses in one line that names BATON_SECRET_KEY when the file %s, and leaves it alone', (_name, content) => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(file, content);
    expect(() => boxWith()).toThrow(StartError);
    expect(() => boxWith()).toThrow(/^[^\n]*BATON_SECRET_KEY[^\n]*$/);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('refuses in one line when the data directory cannot be one', () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(() => boxWith()).toThrow(StartError);
    expect(() => boxWith()).toThrow(/ENOTDIR|EEXIST/);
  });

  it('makes a key that only the owner may read, once', () => {
    const first = boxWith();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['secret-key']);
    expect(boxWith().open(first.seal('x', 'here'), 'here')).toBe('x');
    chmodSync(file, 0o400);
    expect(boxWith().prefix).toBe(first.prefix);
  });

  it('without the variable makes the key of the password in DATABASE_URL, whatever the data directory', () => {
    const DATABASE_URL = 'postgres://baton:p%40ss@db.example:5432/baton';
    const box = boxWith({ DATABASE_URL });
    const elsewhere = secretBoxOf(readConfig({ BATON_DATA_DIR: join(folder, 'other'), DATABASE_URL }));
    expect(elsewhere.open(box.seal('x', 'here'), 'here')).toBe('x');
    const otherPassword = boxWith({ DATABASE_URL: DATABASE_URL.replace('p%40ss', 'other') });
    expect(otherPassword.open(box.seal('x', 'here'), 'here')).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('with a password in DATABASE_URL still opens what the file of the data directory sealed', () => {
    const byFile = boxWith();
    const box = boxWith({ DATABASE_URL: 'postgres://baton:secret@db.example:5432/baton' });
    expect(box.open(byFile.seal('x', 'here'), 'here')).toBe('x');
    expect(box.prefix).not.toBe(byFile.prefix);
  });

  it('without a password in DATABASE_URL uses the file', () => {
    const box = boxWith({ DATABASE_URL: 'postgres://baton@db.example:5432/baton' });
    expect(box.prefix).toBe(boxWith().prefix);
  });

  it('with BATON_SECRET_KEY seals with the first of its keys, opens with all, and makes no file', () => {
    const newer = Buffer.alloc(32, 8).toString('base64');
    const box = boxWith({ BATON_SECRET_KEY: `${newer}, ${TEST_SECRET_KEY}` });
    expect(box.open(testSecrets.seal('x', 'here'), 'here')).toBe('x');
    expect(box.prefix).toBe(boxWith({ BATON_SECRET_KEY: newer }).prefix);
    expect(readdirSync(folder)).toEqual([]);
  });
});
