import type { ExecutionResult } from 'graphql';
import { isPassingFault } from '../database/passing-fault';
import { retryRead } from '../realtime/retry';

/**
 * Executes events again while the database fails in a way that passes, for about 3 s: an event whose fields are errors
 * is a lost event to its client. Throws the fault where it does not pass. Refusals of a field, and faults of ours, would
 * be the same the next time: those stay in the results.
 */
export function executeWaiting(run: () => Promise<readonly ExecutionResult[]>): Promise<readonly ExecutionResult[]> {
  return retryRead(async () => {
    const results = await run();
    const passing = results.flatMap(({ errors }) => errors ?? []).find((error) => isPassingFault(error.originalError));
    if (passing !== undefined) throw passing;
    return results;
  });
}
