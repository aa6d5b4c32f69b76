import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { compile } from './compile.mjs';
import { installMissing } from './install-missing.mjs';
import { projectRoot } from './project-root.mjs';
import { deliverSignalsOnce } from './single-signals.mjs';

/**
 * Installs and compiles what is missing, then runs src/<entry>.ts in this very process, so that signals and the exit code need no
 * passing on.
 */
export async function runEntry(entry) {
  installMissing();
  await compile();
  const isOfBench = entry.startsWith('bench/');
  if (isOfBench) await compile({ sourceFolders: ['bench'], manifestName: 'bench-manifest.json' });
  const path = isOfBench ? entry : `src/${entry}`;
  const file = join(projectRoot, 'dist', `${path}.js`);
  if (!/^[\w/-]+$/.test(entry) || !existsSync(file)) {
    console.error(`There is no ${path}.ts to run.`);
    process.exit(1);
  }
  deliverSignalsOnce();
  process.argv = [process.execPath, file, ...process.argv.slice(2)];
  await import(pathToFileURL(file).href);
}
