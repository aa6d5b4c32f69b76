import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there; rejects after `timeoutMs`, naming what was waited for. */
export async function until<Result>(
  what: string,
  ask: () => Promise<Result | null | undefined | false>,
  timeoutMs = 10_000,
): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs} ms.`);
    await delay(20);
  }
}
