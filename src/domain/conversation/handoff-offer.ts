import type { HandoffState } from './states';
import { type Phase, phaseOf } from './transitions';
import type { ConversationStatus } from './states';

export type HandoffOfferMode = 'NONE' | 'POPUP' | 'FIXED_POPUP';
export type HandoffUnavailableReason =
  | 'DISABLED'
  | 'NO_OPERATORS'
  | 'OUTSIDE_BUSINESS_HOURS'
  | 'NOBODY_ONLINE'
  | 'ALREADY_REQUESTED'
  | 'HUMAN_IN_CONTROL'
  | 'CONVERSATION_CLOSED';

export interface OfferSettings {
  readonly organizationId: string | null;
  readonly handoffEnabled: boolean;
  readonly fixedPopup: boolean;
  readonly offerWhenOffline: boolean;
}

export interface OfferDecision {
  readonly mode: HandoffOfferMode;
  /** Set when `mode` is NONE. */
  readonly reason: HandoffUnavailableReason | null;
  readonly inquiryAvailable: boolean;
}

const PHASE_REASONS: Record<Phase, HandoffUnavailableReason | null> = {
  IDLE: null,
  REQUESTED: 'ALREADY_REQUESTED',
  ACCEPTED: 'HUMAN_IN_CONTROL',
  CLOSED: 'CONVERSATION_CLOSED',
};

/**
 * What the widget has to show now: handoff.md, promises 1 to 3. `conversation` is null before a conversation exists.
 * `operators` counts the enabled people who may handle the agent. `isOpen`: within the organization's business hours.
 */
export function decideOffer(
  settings: OfferSettings,
  operators: { readonly total: number; readonly online: number },
  conversation: { status: ConversationStatus; handoffState: HandoffState | null } | null,
  isOpen = true,
): OfferDecision {
  const reason = unavailableReason(settings, operators, conversation, isOpen);
  const inquiryAvailable = offersInquiry(settings, reason, conversation);
  if (reason !== null) return { mode: 'NONE', reason, inquiryAvailable };
  // A fixed popup needs an organization; an agent that lost its one keeps the setting and shows the plain popup.
  const fixed = settings.fixedPopup && settings.organizationId !== null;
  return { mode: fixed ? 'FIXED_POPUP' : 'POPUP', reason: null, inquiryAvailable };
}

/** Whether a visitor may leave an inquiry at all: wherever handoff is enabled and no person is there to be asked. */
export function mayLeaveInquiry(settings: { handoffEnabled: boolean }, phase: Phase): boolean {
  return settings.handoffEnabled && phase !== 'ACCEPTED';
}

function unavailableReason(
  settings: OfferSettings,
  operators: { readonly total: number; readonly online: number },
  conversation: { status: ConversationStatus; handoffState: HandoffState | null } | null,
  isOpen: boolean,
): HandoffUnavailableReason | null {
  if (!settings.handoffEnabled) return 'DISABLED';
  const byPhase = conversation === null ? null : PHASE_REASONS[phaseOf(conversation)];
  if (byPhase !== null) return byPhase;
  if (operators.total === 0) return 'NO_OPERATORS';
  if (!isOpen) return 'OUTSIDE_BUSINESS_HOURS';
  if (operators.online === 0 && !settings.offerWhenOffline) return 'NOBODY_ONLINE';
  return null;
}

/** The form is offered when a person cannot be had: nobody exists or is online, or the last request found nobody. */
function offersInquiry(
  settings: OfferSettings,
  reason: HandoffUnavailableReason | null,
  conversation: { handoffState: HandoffState | null } | null,
): boolean {
  if (!settings.handoffEnabled || reason === 'HUMAN_IN_CONTROL' || reason === 'ALREADY_REQUESTED') return false;
  return reason !== null || conversation?.handoffState === 'UNANSWERED';
}
