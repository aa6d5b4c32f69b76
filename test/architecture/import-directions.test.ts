import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

const root = join(__dirname, '../..');
const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const configuration = join(root, '.dependency-cruiser.cjs');
const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../../.dependency-cruiser.cjs');

/** Runs the rules of the house over the `src` inside a folder, in a process of its own: the tool is ESM, jest is not. */
async function violationsIn(folder: string): Promise<Violation[]> {
  const options = ['--config', configuration, '--output-type', 'json', 'src'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...options], {
    cwd: folder,
    maxBuffer: 256 * 1024 * 1024,
  });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the import rules over files that break them', () => {
  const broken = violationsIn(join(__dirname, 'fixtures'));

  it.each(forbidden.map(({ name }) => name))('%s reports a violation', async (name) => {
    expect((await broken).filter(({ rule }) => rule.name === name)).not.toHaveLength(0);
  });

  it('report every file named breaks-*, so that no fixture is there in vain', async () => {
    const reported = new Set((await broken).map(({ from }) => from));
    const files = readdirSync(join(__dirname, 'fixtures/src'), { recursive: true, encoding: 'utf8' });
    const unreported = files.filter((file) => file.includes('breaks-') && !reported.has(`src/${file}`));
    // The circle is reported once, from whichever of the two files comes first.
    expect(unreported.filter((file) => !file.includes('circle'))).toEqual([]);
  });

  it('report no file named keeps-*: types from a types-only folder, and the one open file of a closed folder', async () => {
    expect((await broken).filter(({ from }) => from.includes('/keeps-'))).toEqual([]);
  });

  it('count a type-only import as an import', async () => {
    expect((await broken).map(({ from }) => from)).toContain('src/domain/breaks-direction-with-a-type.ts');
  });
});

describe('the import rules over src', () => {
  it('find no violation', async () => {
    const found = await violationsIn(root);
    expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });
});
