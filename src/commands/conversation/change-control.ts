import { type AuditAction, type AuditActor, changesOf } from '../../domain/audit';
import { formatOpening, nextOpeningAfter } from '../../domain/conversation/business-hours';
import { type Control, decideControl } from '../../domain/conversation/decide-control';
import { asksForOpening, fillAnnouncement } from '../../domain/conversation/handoff-settings';
import type { HandoffOrigin } from '../../domain/conversation/states';
import { type ControlCommand, phaseOf, type Transition } from '../../domain/conversation/transitions';
import type { Refusal } from '../../domain/refusal';
import { resolveBusinessHours } from '../../domain/settings-layers';
import { Handoff } from '../../entities/handoff';
import { User } from '../../entities/user';
import { Visitor } from '../../entities/visitor';
import { audit } from '../audit/audit';
import { type ControlChange, NO_CHANGE } from './control-change';
import { passHold } from './handoff-holds';
import { organizationOf } from './ladder';
import type { LockedConversation } from './locked-conversation';
import { endOpenTurn, openTurn, unansweredMessage } from './turns';
import { writeHandoff } from './write-handoff';

const CLOSED_ANNOUNCEMENT = 'The conversation was closed. Write again whenever you need us.';

/** Null: a message, which says by itself who did what. */
const AUDITED_AS = {
  requestHandoff: 'HANDOFF_REQUESTED',
  acceptHandoff: 'HANDOFF_ACCEPTED',
  cancelHandoff: 'HANDOFF_CANCELLED',
  expireHandoff: 'HANDOFF_EXPIRED',
  takeOverConversation: 'CONVERSATION_TAKEN_OVER',
  transferToOperator: 'HANDOFF_TRANSFERRED',
  transferToTeam: 'HANDOFF_TRANSFERRED',
  handBackToAi: 'CONVERSATION_HANDED_BACK',
  closeConversation: 'CONVERSATION_CLOSED',
  visitorWrites: null,
} as const satisfies Record<ControlCommand, AuditAction | null>;

export type ControlResult =
  | { readonly ok: true; readonly handoff: Handoff | null }
  | { readonly ok: false; readonly refusal: Refusal; readonly handoff: Handoff | null };

/**
 * The one place where control of a conversation moves: decides by the table, then writes the handoff, the announcement,
 * the end of the AI's open turn, when the AI is back its next turn, and who did it. The caller has authorized and calls
 * `save`.
 */
export async function changeControl(
  conversation: LockedConversation,
  command: ControlCommand,
  by: AuditActor,
  change: Partial<ControlChange>,
): Promise<ControlResult> {
  const complete = { ...NO_CHANGE, ...change };
  const before = await newestHandoff(conversation);
  const decision = decideControl(command, conversation.row, conversation.agent.whileWaiting, complete);
  if (!decision.ok) return { ok: false, refusal: decision.refusal, handoff: before };

  const { status, controller, operatorId, handoffState } = conversation.row;
  const phase = phaseOf(conversation.row);
  const isOpen = phase === 'REQUESTED' || phase === 'ACCEPTED';
  conversation.setControl(decision.control);
  const handoff = await writeHandoff(conversation, decision.transition, isOpen ? before : null, complete);
  const holdId = handoff && (await passHold(conversation, phase, handoff));
  await announce(conversation, decision.transition, handoff ?? before);
  if (handoff !== null) {
    const transfer = complete.transferredBy && { ...complete.transferredBy, holdId };
    conversation.tell('HANDOFF_CHANGED', handoff.id, { ...handoff, ...(transfer && { transfer }) });
  }
  await passTurn(conversation, command, complete.origin, before);
  await auditControl(conversation, AUDITED_AS[command], by, { status, controller, operatorId, handoffState });
  return { ok: true, handoff: handoff ?? before };
}

async function auditControl(
  conversation: LockedConversation,
  action: AuditAction | null,
  by: AuditActor,
  before: Partial<Control>,
): Promise<void> {
  if (action === null) return;
  const { status, controller, operatorId, handoffState } = conversation.row;
  const changes = changesOf(before, { status, controller, operatorId, handoffState });
  await audit(conversation.transaction, by, action, conversation.row, changes);
}

/** The newest handoff of the conversation, open or ended. */
export async function newestHandoff(conversation: LockedConversation): Promise<Handoff | null> {
  const { handoffId, workspaceId } = conversation.row;
  return handoffId === null ? null : conversation.transaction.rows(Handoff, workspaceId).find({ id: handoffId });
}

async function announce(
  conversation: LockedConversation,
  transition: Transition,
  handoff: Handoff | null,
): Promise<void> {
  const { announcement } = transition;
  if (announcement === null) return;
  const { agent } = conversation;
  const template = announcement === 'closed' ? CLOSED_ANNOUNCEMENT : agent.announcements[announcement];
  await conversation.write({
    kind: 'HANDOFF_EVENT',
    authorKind: 'SYSTEM',
    authorUserId: null,
    text: fillAnnouncement(template, {
      operator: await operatorName(conversation, handoff),
      agent: agent.displayName,
      nextOpening: asksForOpening(template) ? await nextOpening(conversation) : null,
    }),
    clientNonce: null,
    handoffId: handoff?.id ?? null,
  });
}

/** In the visitor's language, on the clocks of the hours; null where nobody has set hours. */
async function nextOpening(conversation: LockedConversation): Promise<string | null> {
  const { transaction, row, agent, now } = conversation;
  const organization = await organizationOf(conversation);
  const hours = resolveBusinessHours(agent, organization).value;
  const at = hours === null ? null : nextOpeningAfter(hours, now);
  if (hours === null || at === null) return null;
  const visitor = await transaction.rows(Visitor, row.workspaceId).find({ id: row.visitorId });
  return formatOpening(at, visitor?.locale ?? organization?.locale ?? 'en', hours.timeZone);
}

async function operatorName(conversation: LockedConversation, handoff: Handoff | null): Promise<string> {
  const { transaction, row } = conversation;
  if (handoff?.acceptedById == null) return 'Our team';
  const user = await transaction.rows(User, row.workspaceId).find({ id: handoff.acceptedById });
  return user?.displayName ?? 'Our team';
}

/**
 * What a change of control means for the AI's turn. The running one ends: its epoch is over. A new one opens when the AI
 * is in control and the visitor waits for an answer.
 */
async function passTurn(
  conversation: LockedConversation,
  command: ControlCommand,
  origin: HandoffOrigin,
  ending: Handoff | null,
): Promise<void> {
  const askedByAi = command === 'requestHandoff' && origin === 'AI';
  const ended = await endOpenTurn(conversation, askedByAi ? 'HUMAN_REQUESTED' : 'FENCED', null);
  if (conversation.row.controller !== 'AI') return;
  if (ended !== null && !askedByAi) {
    // AI_ANSWERS: the AI was writing and still has control; it writes on, under the new epoch.
    await openTurn(conversation, { id: ended.messageId });
    return;
  }
  if (command === 'requestHandoff' || command === 'visitorWrites') return;
  // After a request of the AI that came to nothing only what was written since is open: otherwise "I want a human" would
  // go to the AI again, which would ask again, for ever. A visitor who asked by itself still waits for its last answer.
  const askedInVain = command !== 'handBackToAi' && ending?.origin === 'AI';
  const unanswered = await unansweredMessage(conversation, askedInVain ? ending.requestedSequence : 0);
  if (unanswered !== null) await openTurn(conversation, unanswered);
}
