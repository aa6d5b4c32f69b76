import { existsSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';

import { projectRoot } from './project-root.mjs';

/** What an image needs. The benchmark is compiled by its own command, beside these, with a manifest of its own. */
const SOURCE_FOLDERS = ['src', 'migrations'];
const OUTPUT_FOLDER = 'dist';

/**
 * Brings dist/ up to date with src/ and migrations/: TypeScript is compiled by swc with .swcrc, other files are copied, and what
 * has lost its source is deleted (a migration that is gone must not run). Types are not checked here; `npm run check` does.
 * Returns how many files were written.
 */
export async function compile({ sourceFolders = SOURCE_FOLDERS, manifestName = 'manifest.json' } = {}) {
  const manifestFile = join(projectRoot, OUTPUT_FOLDER, manifestName);
  const before = readManifest(manifestFile);
  const sources = await listSources(sourceFolders);
  const settings = fingerprint(join(projectRoot, '.swcrc'));
  const after = {
    settings,
    files: Object.fromEntries(sources.map((source) => [source, fingerprint(join(projectRoot, source))])),
  };

  const stale = sources.filter(
    (source) =>
      before.settings !== settings ||
      before.files[source] !== after.files[source] ||
      !existsSync(join(projectRoot, outputOf(source))),
  );
  const orphans = Object.keys(before.files).filter((source) => after.files[source] === undefined);
  if (stale.length === 0 && orphans.length === 0) return 0;

  // Loaded only now: the compiler costs 50 ms, and a finished image may not have it.
  const { transformFile } = await import('@swc/core');
  await Promise.all(stale.map((source) => writeOutput(source, transformFile)));
  await Promise.all(
    orphans.flatMap((source) => [
      rm(outputFile(source), { force: true }),
      rm(`${outputFile(source)}.map`, { force: true }),
    ]),
  );
  // Last: whatever was cut short is done again.
  await writeWhole(manifestFile, JSON.stringify(after));
  return stale.length;
}

function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    return { settings: undefined, files: {} };
  }
}

async function listSources(sourceFolders) {
  const lists = await Promise.all(
    sourceFolders
      .filter((folder) => existsSync(join(projectRoot, folder)))
      .map((folder) => readdir(join(projectRoot, folder), { recursive: true, withFileTypes: true })),
  );
  return lists
    .flat()
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts') && !entry.name.startsWith('.'))
    .map((entry) => relative(projectRoot, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** Time and size, not "newer than its output": an unpacked older release brings older times. */
function fingerprint(file) {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs}:${size}`;
}

function outputOf(source) {
  return join(OUTPUT_FOLDER, extname(source) === '.ts' ? `${source.slice(0, -3)}.js` : source);
}

function outputFile(source) {
  return join(projectRoot, outputOf(source));
}

async function writeOutput(source, transformFile) {
  const output = outputFile(source);
  await mkdir(dirname(output), { recursive: true });
  if (extname(source) !== '.ts') return copyFile(join(projectRoot, source), output);
  const { code, map } = await transformFile(join(projectRoot, source), {
    root: projectRoot,
    configFile: join(projectRoot, '.swcrc'),
    sourceFileName: relative(dirname(output), join(projectRoot, source)),
  });
  if (map !== undefined) await writeWhole(`${output}.map`, map);
  await writeWhole(
    output,
    map === undefined ? code : `${code}\n//# sourceMappingURL=${output.split(/[\\/]/).at(-1)}.map\n`,
  );
}

/** Written aside and renamed, so that a second process never reads half a file. */
async function writeWhole(file, content) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, content);
  await rename(`${file}.${process.pid}`, file);
}
