import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { compile } from './compile.mjs';
import { installMissing } from './install-missing.mjs';
import { projectRoot } from './project-root.mjs';
import { deliverSignalsOnce } from './single-signals.mjs';

/** Installs and compiles what is missing, then runs bench/main.ts in this process. Standard output is for JSON lines alone. */
export async function runBenchmark(parameters) {
  console.log = console.error;
  installMissing({ stdout: 2 });
  await compile();
  await compile({ sourceFolders: ['bench'], manifestName: 'bench-manifest.json' });
  deliverSignalsOnce();
  const { runBench } = await import(pathToFileURL(join(projectRoot, 'dist', 'bench', 'main.js')).href);
  process.exitCode = await runBench(parameters, { root: projectRoot, environment: process.env });
}
