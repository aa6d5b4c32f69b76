import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { compile } from './compile.mjs';
import { installMissing } from './install-missing.mjs';
import { projectRoot } from './project-root.mjs';
import { deliverSignalsOnce } from './single-signals.mjs';

/** Installs and compiles what is missing, Baton first, then runs torture/main.ts in this very process. */
export async function runTorture() {
  installMissing();
  await compile();
  // With a manifest of its own: the processes that it starts bring dist/ up to date too, and must not take its files for orphans.
  await compile({ sourceFolders: ['torture'], manifestName: 'torture-manifest.json' });
  deliverSignalsOnce();
  await import(pathToFileURL(join(projectRoot, 'dist', 'torture', 'main.js')).href);
}
