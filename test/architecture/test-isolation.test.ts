import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const config = join(__dirname, 'fixtures', 'isolation', 'jest.config.js');

describe('test files that one worker runs one after the other', () => {
  it('share no module, no global, no variable and no mock, though each file is compiled once', () => {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status, stderr } = spawnSync(process.execPath, [jest, '--config', config, '--runInBand'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/Tests: +5 passed, 5 total/);
    expect(status).toBe(0);
  });
});
