import type { EventRow, HandoffRow, Rung, RungRow } from './final-state';
import { groupBy } from './group-by';
import type { Breach, FaultRecord, History } from './history';

/** The server looks every second; a loaded machine and a clock of another process come on top. */
const GRACE_MS = 10_000;
/** How long after a fault the workers may still do nothing: a process has to start again, connections have to come back. */
const RECOVERY_MS = 5_000;

const ORDER: readonly Rung[] = ['ONLINE', 'EVERYONE', 'FALLBACK', 'UNANSWERED'];

/** A request that nobody takes climbs its ladder rung by rung, each once, to its deadline; and no step more once it is over. */
export function checkLadders({ final, faults }: History): Breach[] {
  const told = groupBy(
    final.events.filter(({ name }) => name === 'HANDOFF_CHANGED'),
    ({ subjectId }) => subjectId,
  );
  const rungs = groupBy(final.rungs, ({ handoffId }) => handoffId);
  return final.handoffs.flatMap((handoff) => {
    const waits = waitsOf(told.get(handoff.id) ?? []);
    const laid = rungs.get(handoff.id) ?? [];
    return [
      ...waits.flatMap(checkClimb),
      ...checkRepeated(handoff, waits),
      ...checkReached(handoff, laid, waits.at(-1) ?? []),
      ...laid.flatMap((rung) => checkTime(rung, handoff, final.at, faults)),
    ];
  });
}

/** A handoff waits when it is asked for, and each time that it goes to the team; in between somebody has it. */
function waitsOf(steps: readonly EventRow[]): EventRow[][] {
  const waits: EventRow[][] = [];
  steps.forEach((step, index) => {
    if (step.state !== 'REQUESTED') return;
    if (steps[index - 1]?.state === 'REQUESTED') waits.at(-1)?.push(step);
    else waits.push([step]);
  });
  return waits;
}

function checkClimb(steps: readonly EventRow[]): Breach[] {
  return steps.slice(1).flatMap((step, index): Breach[] => {
    const [before, rung] = [steps[index]?.rung ?? 'EVERYONE', step.rung ?? 'EVERYONE'];
    if (ORDER.indexOf(rung) > ORDER.indexOf(before)) return [];
    const kind = rung === before ? 'DOUBLED' : 'LADDER_BROKEN';
    return [{ kind, detail: `handoff ${step.subjectId} climbs from ${before} to ${rung} at ${step.position}` }];
  });
}

/** Somebody had it in between, and it went on to climb: a wait begins with its request, or with a transfer of its own. */
function checkRepeated({ id }: HandoffRow, waits: readonly EventRow[][]): Breach[] {
  const begun = groupBy(waits, ([first]) => first?.transferHoldId ?? 'its request');
  return [...begun]
    .filter(([, same]) => same.length > 1)
    .map(([by]) => ({ kind: 'LADDER_BROKEN', detail: `handoff ${id} goes on climbing after it was over (${by})` }));
}

/** What a rung says of itself against what was told, and whether anything of it is left when nobody waits any more. */
function checkReached({ id, state }: HandoffRow, laid: readonly RungRow[], wait: readonly EventRow[]): Breach[] {
  const top = Math.max(-1, ...wait.map(({ rung }) => ORDER.indexOf(rung ?? 'EVERYONE')));
  return laid.flatMap((rung): Breach[] => {
    const what = `rung ${rung.rung} of handoff ${id}`;
    if (rung.state === 'WAITING' && state !== 'REQUESTED')
      return [{ kind: 'FORGOTTEN_DEADLINE', detail: `${what} is WAITING, and the handoff is ${state}` }];
    if (rung.rung === 'UNANSWERED') {
      const isReached = rung.state === 'REACHED';
      if (isReached === (state === 'UNANSWERED')) return [];
      return [{ kind: 'LADDER_BROKEN', detail: `${what} is ${rung.state}, and the handoff is ${state}` }];
    }
    const isTold = wait.some((step) => (step.rung ?? 'EVERYONE') === rung.rung);
    if (rung.state === 'REACHED' && ORDER.indexOf(rung.rung) > top)
      return [{ kind: 'LOST', detail: `${what} is REACHED, and nobody was told` }];
    if (rung.state !== 'REACHED' && isTold)
      return [{ kind: 'LADDER_BROKEN', detail: `${what} was told, and is ${rung.state}` }];
    return [];
  });
}

/** Not early, and not so late that it never comes; time that faults took from the workers is not held against it. */
function checkTime(rung: RungRow, handoff: HandoffRow, now: number, faults: readonly FaultRecord[]): Breach[] {
  const what = `rung ${rung.rung} of handoff ${handoff.id}`;
  const { state, dueAt, reachedAt } = rung;
  if (reachedAt !== null && reachedAt < dueAt)
    return [{ kind: 'EARLY_DEADLINE', detail: `${what} was reached ${dueAt - reachedAt} ms early` }];
  const isMissed = state === 'WAITING' || (state === 'SKIPPED' && rung.detail === 'ENDED');
  if (!isMissed || rung.rung === 'UNANSWERED') return [];
  const until = handoff.state === 'REQUESTED' ? now : (handoff.endedAt ?? dueAt);
  // Somebody took it at some time: only its whole life is known, and whether it was accepted is not.
  if (handoff.acceptedById !== null) return [];
  const late = until - dueAt - GRACE_MS - lostTime(faults, dueAt, until);
  if (late <= 0) return [];
  return [
    { kind: 'FORGOTTEN_DEADLINE', detail: `${what} was due ${until - dueAt} ms before the end, and never reached` },
  ];
}

function lostTime(faults: readonly FaultRecord[], from: number, to: number): number {
  return faults
    .filter((fault) => fault.hitsWorkers && fault.from < to && fault.to + RECOVERY_MS > from)
    .reduce((sum, fault) => sum + (fault.to - fault.from) + RECOVERY_MS, 0);
}
