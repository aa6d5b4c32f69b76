import { groupBy } from './group-by';
import type { EventRow, HandoffRow, HandoffState, HoldRow } from './final-state';
import type { Breach, ClaimRecord, History } from './history';

/** The server looks every second; a loaded machine and a clock of another process come on top. */
const GRACE_MS = 10_000;

const FOLLOWED_BY: Readonly<Record<HandoffState, readonly HandoffState[]>> = {
  REQUESTED: ['ACCEPTED', 'UNANSWERED', 'CANCELLED'],
  ACCEPTED: ['RETURNED', 'RESOLVED'],
  RETURNED: [],
  RESOLVED: [],
  UNANSWERED: [],
  CANCELLED: [],
};

/** One winner for each handoff, no deadline forgotten, and a life that the state machine has. */
export function checkHandoffs({ claims, final }: History): Breach[] {
  return [
    ...checkClaims(claims, final.holds),
    ...checkHolds(final.holds),
    ...final.handoffs.flatMap((handoff) => checkDeadline(handoff, final.at)),
    ...checkLives(final.events, final.handoffs),
  ];
}

/** Who was told to have it had it: by accepting or taking over, or else nobody did, or somebody else. */
function checkClaims(claims: readonly ClaimRecord[], holds: readonly HoldRow[]): Breach[] {
  const held = groupBy(holds, (hold) => hold.handoffId);
  return [...groupBy(claims, (claim) => claim.handoffId)].flatMap(([handoffId, successes]) => {
    const rows = held.get(handoffId) ?? [];
    // Who was handed it before they asked is told, rightly, that they have it.
    const isTrue = ({ operatorId, at }: ClaimRecord): boolean =>
      rows.some(({ userId, origin, beganAt }) => userId === operatorId && (origin !== 'TRANSFERRED' || beganAt <= at));
    const winners = new Set(successes.filter((claim) => !isTrue(claim)).map(({ operatorId }) => operatorId));
    return [...winners].map((winner): Breach => {
      const holders = rows.map(({ userId }) => userId).join(' and ');
      const detail = `handoff ${handoffId} was given to ${winner}, and the database says ${holders || 'nobody'}`;
      return { kind: rows.length === 0 ? 'LOST' : 'TWO_OPERATORS', detail };
    });
  });
}

/** One operator after the other. */
function checkHolds(holds: readonly HoldRow[]): Breach[] {
  return [...groupBy(holds, (hold) => hold.handoffId)].flatMap(([handoffId, rows]) => {
    const inOrder = rows.toSorted((x, y) => x.beganAt - y.beganAt);
    return inOrder.flatMap(({ userId, beganAt }, index): Breach[] => {
      const before = inOrder[index - 1];
      if (before === undefined || (before.endedAt !== null && before.endedAt <= beganAt)) return [];
      return [{ kind: 'TWO_OPERATORS', detail: `${before.userId} and ${userId} had handoff ${handoffId} at once` }];
    });
  });
}

function checkDeadline({ id, state, answerBy, endedAt }: HandoffRow, now: number): Breach[] {
  if (answerBy === null) return [];
  if (state === 'REQUESTED' && answerBy + GRACE_MS < now) {
    const seconds = Math.round((now - answerBy) / 1000);
    return [{ kind: 'FORGOTTEN_DEADLINE', detail: `handoff ${id} still waits, ${seconds} s behind its deadline` }];
  }
  if (state === 'UNANSWERED' && endedAt !== null && endedAt < answerBy) {
    return [{ kind: 'EARLY_DEADLINE', detail: `handoff ${id} ended ${answerBy - endedAt} ms ahead of its deadline` }];
  }
  return [];
}

function checkLives(events: readonly EventRow[], handoffs: readonly HandoffRow[]): Breach[] {
  const told = groupBy(
    events.filter(({ name }) => name === 'HANDOFF_CHANGED'),
    (event) => event.subjectId,
  );
  return handoffs.flatMap(({ id, state }): Breach[] => {
    const steps = told.get(id) ?? [];
    const states = steps.map((event) => event.state as HandoffState);
    const wrong = steps.findIndex((step, index) => !mayFollow(steps[index - 1], step));
    if (wrong !== -1) {
      const isSecond = states[wrong] === 'ACCEPTED' && states.indexOf('ACCEPTED') < wrong;
      const detail = `handoff ${id} went ${states.join(', ')}`;
      return [{ kind: isSecond ? 'TWO_OPERATORS' : 'CONTROL_BROKEN', detail }];
    }
    const jump = steps.findIndex(({ version }, index) => version !== (steps[index - 1]?.version ?? 0) + 1);
    if (jump !== -1) {
      const detail = `handoff ${id} is told with versions ${steps.map(({ version }) => version ?? '?').join(', ')}`;
      return [{ kind: 'CONTROL_BROKEN', detail }];
    }
    if (states.at(-1) === state) return [];
    return [{ kind: 'LOST', detail: `handoff ${id} is ${state}, and the log ends with ${states.at(-1) ?? 'nothing'}` }];
  });
}

/**
 * A handoff is born when it is asked for, or by a takeover; whoever has it may hand it on, to one or to the team; while it
 * waits it climbs its ladder.
 */
function mayFollow(before: EventRow | undefined, { state, transferHoldId }: EventRow): boolean {
  const next = state as HandoffState;
  if (before === undefined) return next === 'REQUESTED' || next === 'ACCEPTED';
  if (before.state === 'REQUESTED' && next === 'REQUESTED') return before.transferHoldId === transferHoldId;
  if (transferHoldId !== null) return before.state === 'ACCEPTED' && (next === 'ACCEPTED' || next === 'REQUESTED');
  return FOLLOWED_BY[before.state as HandoffState].includes(next);
}
