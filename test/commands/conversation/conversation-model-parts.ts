import type { HandoffState, TurnState } from '../../../src/domain/conversation/states';
import type { Who } from './conversation-steps';

export interface Episode {
  state: HandoffState;
  readonly askedAt: number;
  readonly byAi: boolean;
  acceptedBy: Who | null;
}

export interface TurnModel {
  readonly epoch: number;
  readonly sequence: number;
  readonly brief: string | null;
  state: TurnState;
}
