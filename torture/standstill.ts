const BEAT_MS = 250;
/** The checker works on a long history for longer than a beat; only what stops a process holds it up for so long. */
const STILL_MS = 5_000;

/** Notices at each beat that the ones before it did not come. */
export function standstillDetector(now: () => number, tell: (seconds: number) => void): () => void {
  let last = now();
  return () => {
    const gap = now() - last;
    last += gap;
    if (gap >= STILL_MS) tell(Math.round(gap / 1000));
  };
}

/**
 * Tells when this process stood still. Whatever stopped it (a suspended machine, somebody's SIGSTOP) has most likely stopped
 * everything that it runs, and clocks went on: what timed out then says nothing about Baton.
 */
export function watchForStandstills(tell: (seconds: number) => void): { stop(): void } {
  const beat = setInterval(
    standstillDetector(() => performance.now(), tell),
    BEAT_MS,
  );
  return { stop: () => clearInterval(beat) };
}
