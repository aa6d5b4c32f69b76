import type { EventRow } from './final-state';
import type { AgentRecord, History, OperatorRecord } from './history';

/** Something that rings, and for whom. */
export interface Occasion {
  readonly kind: string;
  readonly subjectId: string;
  readonly agentId: string;
  readonly isMeant: (operator: OperatorRecord) => boolean;
  /** Those named last are told again: an entry from before this instant does not count. Null: any does. */
  readonly since: number | null;
}

const EVERYBODY = (): boolean => true;

/** What rings: each request, by its ladder; each request that nobody answered; each inquiry; a transfer for whoever did not make it. */
export function occasionsOf({ agents, final }: History): Occasion[] {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const handoffs = final.events
    .filter(({ name }) => name === 'HANDOFF_CHANGED')
    .flatMap((event) => ofHandoff(event, byId.get(event.agentId ?? '')));
  const inquiries = final.inquiries.map(({ id, agentId }) => ({
    ...{ kind: 'INQUIRY_SUBMITTED', subjectId: id, agentId },
    ...{ isMeant: EVERYBODY, since: null },
  }));
  return [...handoffs, ...inquiries];
}

function ofHandoff(event: EventRow, agent: AgentRecord | undefined): Occasion[] {
  const { state, transferHoldId, transferredById, acceptedById } = event;
  const agentId = event.agentId ?? '';
  const subjectId = transferHoldId ?? event.subjectId;
  if (state === 'ACCEPTED' && transferHoldId !== null) {
    const isMeant = ({ userId }: OperatorRecord): boolean => userId !== transferredById && userId === acceptedById;
    return [{ kind: 'HANDOFF_TRANSFERRED', subjectId, agentId, isMeant, since: null }];
  }
  if (state === 'UNANSWERED') {
    const isMeant = isMember(agent);
    return [{ kind: 'HANDOFF_UNANSWERED', subjectId: event.subjectId, agentId, isMeant, since: null }];
  }
  if (state !== 'REQUESTED') return [];
  const isOther = ({ userId }: OperatorRecord): boolean => userId !== transferredById;
  return onRung(event, agent).map(({ isMeant, since }) => ({
    ...{ kind: 'HANDOFF_REQUESTED', subjectId, agentId, since },
    isMeant: (operator: OperatorRecord) => isOther(operator) && isMeant(operator),
  }));
}

/** Who is online is known to the server alone: of those nobody has to be told here. Everybody is by the next rung. */
function onRung({ rung, at }: EventRow, agent: AgentRecord | undefined): Pick<Occasion, 'isMeant' | 'since'>[] {
  if (rung === 'ONLINE') return [];
  const everybody = { isMeant: isMember(agent), since: null };
  if (rung !== 'FALLBACK') return [everybody];
  return [everybody, { isMeant: (operator) => isNamed(operator, agent), since: at }];
}

export function isNamed({ userId }: OperatorRecord, agent: AgentRecord | undefined): boolean {
  return agent?.fallbackUserIds?.includes(userId) === true;
}

/** With a ladder an organization answers by itself: staff are told where they are named. */
function isMember(agent: AgentRecord | undefined): (operator: OperatorRecord) => boolean {
  const hasLadder = agent !== undefined && agent.fallbackUserIds !== null;
  return ({ isStaff }) => !hasLadder || !isStaff;
}
