import { mayLeaveInquiry } from './handoff-offer';
import type { ConversationStatus, HandoffState } from './states';
import { type ControlCommand, phaseOf, transitionFor } from './transitions';

export type ConversationAction =
  | 'SEND_MESSAGE'
  | 'REQUEST_HANDOFF'
  | 'CANCEL_HANDOFF'
  | 'ACCEPT_HANDOFF'
  | 'TAKE_OVER'
  | 'TRANSFER'
  | 'HAND_BACK'
  | 'CLOSE'
  | 'SUBMIT_INQUIRY';

/** Everything that the answer to "what may I do now?" depends on. */
export interface ActionFacts {
  readonly asVisitor: boolean;
  readonly asOperator: boolean;
  readonly asAi: boolean;
  /** The caller is the operator who has the conversation. */
  readonly isTheOperator: boolean;
  readonly aiMayRequest: boolean;
  readonly handoffEnabled: boolean;
  /** A handoff is offered now: `decideOffer` says a mode other than NONE. */
  readonly isOffered: boolean;
  readonly status: ConversationStatus;
  readonly handoffState: HandoffState | null;
}

/** What the caller may do now, by the same table and the same rules that the commands apply. */
export function decideActions(facts: ActionFacts): ConversationAction[] {
  const phase = phaseOf(facts);
  const possible = (command: ControlCommand): boolean => transitionFor(phase, command) !== null;
  const allowed: Record<ConversationAction, boolean> = {
    SEND_MESSAGE: facts.asVisitor || (facts.asOperator && facts.isTheOperator),
    REQUEST_HANDOFF:
      possible('requestHandoff') && facts.isOffered && (facts.asVisitor || (facts.asAi && facts.aiMayRequest)),
    CANCEL_HANDOFF: possible('cancelHandoff') && (facts.asVisitor || facts.asOperator),
    ACCEPT_HANDOFF: possible('acceptHandoff') && facts.asOperator,
    TAKE_OVER: possible('takeOverConversation') && facts.asOperator,
    TRANSFER: possible('transferToOperator') && facts.asOperator,
    HAND_BACK: possible('handBackToAi') && facts.asOperator,
    CLOSE: possible('closeConversation') && facts.asOperator,
    SUBMIT_INQUIRY: facts.asVisitor && mayLeaveInquiry(facts, phase),
  };
  return (Object.keys(allowed) as ConversationAction[]).filter((action) => allowed[action]);
}
