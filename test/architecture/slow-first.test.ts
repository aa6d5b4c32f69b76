import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { SLOW } = jest.requireActual<{ SLOW: string[] }>('../support/slow-first-sequencer.cjs');

describe('the test files that are run first', () => {
  it.each(SLOW)('%s is one that is there', (name) => {
    expect(existsSync(join(__dirname, '..', `${name}.test.ts`))).toBe(true);
  });
});
