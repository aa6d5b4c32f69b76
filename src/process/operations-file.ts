import { readFileSync } from 'node:fs';
import { OperationManifest } from '../server/operation-manifest';
import { StartError } from './run-root';

/**
 * The manifest that BATON_OPERATIONS_FILE names, held against the server by `check`; null when there is none.
 *
 * @throws StartError when it cannot be read, or holds an operation that could never run
 */
export function operationsOf(
  file: string | null,
  check: (manifest: OperationManifest) => void,
): OperationManifest | null {
  if (file === null) return null;
  try {
    const manifest = OperationManifest.read(readFileSync(file, 'utf8'));
    check(manifest);
    return manifest;
  } catch (error) {
    throw new StartError(`BATON_OPERATIONS_FILE ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? `leads to no file that can be read (${code})` : String(message).replace(/\.$/, '');
}
