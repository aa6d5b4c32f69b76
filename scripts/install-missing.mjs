import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from './project-root.mjs';

/**
 * Runs `npm ci` when the installed packages are missing or not those of package-lock.json; ends the process when that fails.
 * `stdout` is where npm prints: a program whose own output is read by another one gives 2.
 */
export function installMissing({ stdout = 'inherit' } = {}) {
  const reason = reasonToInstall();
  if (reason === undefined) return;
  console.log(`Installing the packages (${reason}); this takes about a minute, once…`);
  // --include=dev: the compiler is a development package, which npm leaves out under NODE_ENV=production.
  const result = runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'], ['inherit', stdout, 'inherit']);
  if (result.status === 0) return;
  console.error(
    `The packages could not be installed${result.error ? `: ${result.error.message}` : '; npm says why above'}.`,
  );
  process.exit(result.status ?? 1);
}

function reasonToInstall() {
  const wanted = join(projectRoot, 'package-lock.json');
  const installed = join(projectRoot, 'node_modules', '.package-lock.json');
  if (!existsSync(wanted)) return undefined;
  if (!existsSync(installed)) return 'none are installed';
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return undefined;
  // A fresh checkout or a copied folder gives the lock file a new time without a new content.
  return samePackages(wanted, installed) ? undefined : 'package-lock.json has changed';
}

function samePackages(wantedFile, installedFile) {
  const wanted = readPackages(wantedFile);
  const installed = readPackages(installedFile);
  return Object.entries(wanted).every(([path, { version, integrity, optional, dev }]) => {
    const found = installed[path];
    // The lock file names all platforms, node_modules only this one; a production image may lack the development packages.
    if (found === undefined) return path === '' || optional || (dev && process.env.NODE_ENV === 'production');
    return found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function runNpm(parameters, stdio) {
  const options = { cwd: projectRoot, stdio };
  const npm = process.env.npm_execpath;
  // Under `npm start` the same npm again, which need not be on the PATH.
  if (npm !== undefined && /npm-cli\.c?js$/.test(npm))
    return spawnSync(process.execPath, [npm, ...parameters], options);
  return spawnSync('npm', parameters, options);
}
