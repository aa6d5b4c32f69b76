import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const rows = readFileSync(join(root, 'docs/threats.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat') && !line.startsWith('| **'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/threats.md', () => {
  it('has a table', () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  it.each(rows.map(([, threat = '', wall = '', tests = '']) => [threat, wall, tests]))(
    'names a wall and tests that are there for “%s”',
    (_threat, wall, tests) => {
      expect(wall).not.toBe('');
      const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => !file.startsWith('test/') || !existsSync(join(root, file)))).toEqual([]);
    },
  );
});
