import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { installMissing } from './install-missing.mjs';
import { projectRoot } from './project-root.mjs';

/** Runs jest with the given arguments and ends with its exit code; the last line printed is `N passed, N failed[, N skipped]`. */
export async function runTests(parameters) {
  installMissing();
  const folder = mkdtempSync(join(tmpdir(), 'baton-jest-'));
  const resultFile = join(folder, 'result.json');
  try {
    const exitCode = await runJest([...parameters, '--json', `--outputFile=${resultFile}`]);
    const { passed, failed, skipped } = count(resultFile, exitCode);
    for (const server of ['redis-server', 'pgbouncer']) {
      if (!isInstalled(server)) console.log(`No ${server} was found: the suites that need one were skipped.`);
    }
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    process.exitCode = exitCode === 0 && failed > 0 ? 1 : exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runJest(parameters) {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, ...parameters], {
    cwd: projectRoot,
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  // Ctrl-C reaches jest from the terminal; we stay to tell the result. What only we got is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  return code ?? 128 + constants.signals[signal];
}

/** From jest's own result. A suite that failed without a failed test (it did not load, say) counts as one failure. */
function count(resultFile, exitCode) {
  if (!existsSync(resultFile)) return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  const failedElsewhere = result.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = result.numFailedTests + failedElsewhere;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function isInstalled(server) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, server)));
}
