import type { HandoffState, TurnState } from '../../../src/domain/conversation/states';
import type { Who } from './conversation-steps';

export interface Episode {
  state: HandoffState;
  readonly askedAt: number;
  readonly byAi: boolean;
  acceptedBy: Who | null;
  handedOnBy: Who | null;
}

export function newEpisode(askedAt: number, byAi: boolean): Episode {
  return { state: 'REQUESTED', askedAt, byAi, acceptedBy: null, handedOnBy: null };
}

export interface TurnModel {
  readonly epoch: number;
  readonly sequence: number;
  readonly brief: string | null;
  state: TurnState;
}

/** Why it is not this one's to do what the visitor does; null: it is. */
export function visitorsOwn(who: Who): string | null {
  if (who === 'visitor') return null;
  return who === 'otherMember' || who === 'otherVisitor' ? 'NOT_FOUND' : 'FORBIDDEN';
}

/** The same of what operators do. */
export function operatorsOwn(who: Who): string | null {
  if (who === 'operator' || who === 'secondOperator') return null;
  return who === 'otherMember' || who === 'otherVisitor' ? 'NOT_FOUND' : 'FORBIDDEN';
}
