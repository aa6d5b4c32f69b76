import { groupBy } from './group-by';
import type { Breach, ClaimRecord, EventRow, HandoffRow, HandoffState, History } from './history';

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
    ...checkClaims(claims, final.handoffs),
    ...final.handoffs.flatMap((handoff) => checkDeadline(handoff, final.at)),
    ...checkLives(final.events, final.handoffs),
  ];
}

function checkClaims(claims: readonly ClaimRecord[], handoffs: readonly HandoffRow[]): Breach[] {
  const rows = new Map(handoffs.map((handoff) => [handoff.id, handoff]));
  return [...groupBy(claims, (claim) => claim.handoffId)].flatMap(([handoffId, successes]): Breach[] => {
    const winners = [...new Set(successes.map(({ operatorId }) => operatorId))];
    if (winners.length > 1) {
      return [{ kind: 'TWO_OPERATORS', detail: `handoff ${handoffId} was given to ${winners.join(' and ')}` }];
    }
    const holder = rows.get(handoffId)?.acceptedById ?? null;
    if (holder === winners[0]) return [];
    const detail = `handoff ${handoffId} was given to ${winners[0] ?? '?'}, and the database says ${holder ?? 'nobody'}`;
    return [{ kind: holder === null ? 'LOST' : 'TWO_OPERATORS', detail }];
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
    const states = (told.get(id) ?? []).map((event) => event.state as HandoffState);
    const wrong = states.findIndex((next, index) => !mayFollow(states[index - 1], next));
    if (wrong !== -1) {
      const isSecond = states[wrong] === 'ACCEPTED' && states.indexOf('ACCEPTED') < wrong;
      const detail = `handoff ${id} went ${states.join(', ')}`;
      return [{ kind: isSecond ? 'TWO_OPERATORS' : 'CONTROL_BROKEN', detail }];
    }
    if (states.at(-1) === state) return [];
    return [{ kind: 'LOST', detail: `handoff ${id} is ${state}, and the log ends with ${states.at(-1) ?? 'nothing'}` }];
  });
}

/** A handoff is born when it is asked for, or by a takeover. */
function mayFollow(before: HandoffState | undefined, next: HandoffState): boolean {
  return before === undefined ? next === 'REQUESTED' || next === 'ACCEPTED' : FOLLOWED_BY[before].includes(next);
}
