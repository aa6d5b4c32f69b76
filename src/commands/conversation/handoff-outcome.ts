import { mayOnConversation, type ConversationOperation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import type { Principal } from '../../domain/actor';
import type { Transaction } from '../../database/transact';
import { forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import type { Conversation } from '../../entities/conversation';
import { Handoff } from '../../entities/handoff';
import { type ControlResult, newestHandoff } from './change-control';
import { type LockedConversation, lockVisible } from './locked-conversation';

/** What every command on a handoff answers with, refused or not: where things stand now. */
export interface HandoffOutcome {
  readonly conversation: Conversation;
  readonly handoff: Handoff | null;
}

type Locked =
  | { readonly ok: true; readonly conversation: LockedConversation; readonly handoff: Handoff | null }
  | { readonly ok: false; readonly outcome: Outcome<HandoffOutcome> };

/** Locks a conversation for a principal that may do one of `operations` in it. */
export async function lockFor(
  transaction: Transaction,
  principal: Principal,
  conversationId: string,
  operations: readonly ConversationOperation[],
  path: string,
): Promise<Locked> {
  const conversation = await lockVisible(transaction, principal, conversationId);
  if (conversation === null) {
    return { ok: false, outcome: refused(notFound(path === 'handoffId' ? 'handoff' : 'conversation', path)) };
  }
  const handoff = await newestHandoff(conversation);
  if (!operations.some((operation) => mayOnConversation(principal, operation, conversation.row))) {
    const value = { conversation: conversation.row, handoff };
    const reason = refuseImpersonator(principal, 'operate') ?? forbidden(whoMay(operations), path);
    return { ok: false, outcome: refused(reason, value) };
  }
  return { ok: true, conversation, handoff };
}

/** The same, found by one of its handoffs; `handoff` is then that one, not necessarily the newest. */
export async function lockByHandoff(
  transaction: Transaction,
  principal: Principal,
  handoffId: string,
  operations: readonly ConversationOperation[],
): Promise<Locked & { handoff?: Handoff | null }> {
  const handoffs = transaction.rows(Handoff, principal.workspaceId);
  const unlocked = await handoffs.find({ id: handoffId });
  // No conversation has the id of a handoff: a missing one takes as long as a hidden one.
  const conversationId = unlocked?.conversationId ?? handoffId;
  const locked = await lockFor(transaction, principal, conversationId, operations, 'handoffId');
  if (!locked.ok) return locked;
  // Read again: it may have ended while this transaction waited for the lock.
  return { ...locked, handoff: await handoffs.find({ id: handoffId }) };
}

/** Saves and answers a change of control, or answers its refusal with the state that explains it. */
export async function finish(
  conversation: LockedConversation,
  result: ControlResult,
): Promise<Outcome<HandoffOutcome>> {
  const value = { conversation: conversation.row, handoff: result.handoff };
  if (!result.ok) return refused(result.refusal, value);
  await conversation.save();
  return { value, refusals: [] };
}

function whoMay(operations: readonly ConversationOperation[]): string {
  return operations.includes('operate')
    ? 'You need the permission HANDLE_CONVERSATIONS for this agent.'
    : 'Only the visitor of this conversation, or the AI of its agent, can ask for a person.';
}
