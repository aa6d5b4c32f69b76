import { type Refusal, refusal } from '../refusal';
import type { WhileWaiting } from './handoff-settings';
import type { Controller, ConversationStatus, HandoffState } from './states';
import { type ControlCommand, type Phase, phaseOf, type Transition, transitionFor } from './transitions';

/** The part of a conversation that control consists of. */
export interface Control {
  readonly status: ConversationStatus;
  readonly controller: Controller;
  readonly controlEpoch: number;
  readonly operatorId: string | null;
  readonly handoffState: HandoffState | null;
}

export type ControlDecision =
  | { readonly ok: true; readonly control: Control; readonly transition: Transition }
  | { readonly ok: false; readonly refusal: Refusal };

/** What the caller brings along: who takes over, and which epoch it believes in (null: it does not say). */
export interface ControlRequest {
  readonly operatorId: string | null;
  readonly expectedEpoch: number | null;
}

/**
 * Decides one command on one conversation. Pure: the caller holds the row lock and writes what comes back.
 * Refusals: STALE_CONTROL_EPOCH when the caller's epoch is not the current one, INVALID_TRANSITION for every pair
 * that the table does not have.
 */
export function decideControl(
  command: ControlCommand,
  current: Control,
  whileWaiting: WhileWaiting,
  request: ControlRequest,
): ControlDecision {
  if (request.expectedEpoch !== null && request.expectedEpoch !== current.controlEpoch) {
    return { ok: false, refusal: staleEpoch(current.controlEpoch) };
  }
  const phase = phaseOf(current);
  const transition = transitionFor(phase, command);
  if (transition === null) return { ok: false, refusal: refusal('INVALID_TRANSITION', explain(phase)) };
  const controller = resolveController(transition, whileWaiting);
  return {
    ok: true,
    transition,
    control: {
      status: transition.status,
      controller,
      controlEpoch: current.controlEpoch + 1,
      operatorId: controller === 'HUMAN' ? request.operatorId : null,
      handoffState: transition.handoffState ?? current.handoffState,
    },
  };
}

export function staleEpoch(currentEpoch: number): Refusal {
  return refusal(
    'STALE_CONTROL_EPOCH',
    `Control of the conversation has moved: its epoch is now ${currentEpoch}. Read the conversation again before you act.`,
  );
}

function resolveController(transition: Transition, whileWaiting: WhileWaiting): Controller {
  if (transition.controller !== 'WAITING') return transition.controller;
  return whileWaiting === 'AI_SILENT' ? 'NONE' : 'AI';
}

const EXPLANATIONS: Record<Phase, string> = {
  IDLE: 'No person is asked for and none has this conversation.',
  REQUESTED: 'A person has been asked for and nobody has accepted yet.',
  ACCEPTED: 'A person has this conversation. It has to be transferred, handed back to the AI, or closed.',
  CLOSED: 'The conversation is closed. It opens again when the visitor writes.',
};

function explain(phase: Phase): string {
  return `That is not possible now. ${EXPLANATIONS[phase]}`;
}
