import type { Transaction } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Inquiry } from '../../entities/inquiry';
import { type LockedConversation, lockVisible } from '../conversation/locked-conversation';

type LockedInquiry =
  | { readonly ok: true; readonly conversation: LockedConversation; readonly inquiry: Inquiry }
  | { readonly ok: false; readonly outcome: Outcome<Inquiry> };

/** Locks the conversation of an inquiry for somebody who may operate in it. */
export async function lockInquiry(
  transaction: Transaction,
  principal: Principal,
  inquiryId: string,
): Promise<LockedInquiry> {
  const missing = { ok: false, outcome: refused<Inquiry>(notFound('inquiry', 'inquiryId')) } as const;
  const inquiries = transaction.rows(Inquiry, principal.workspaceId);
  const unlocked = await inquiries.find({ id: inquiryId });
  // No conversation has the id of an inquiry: a missing one takes as long as a hidden one.
  const conversation = await lockVisible(transaction, principal, unlocked?.conversationId ?? inquiryId);
  if (conversation === null) return missing;
  const inquiry = await inquiries.find({ id: inquiryId });
  if (inquiry === null) return missing;
  // The visitor's own conversation is visible to the visitor; inquiries are the operators' business.
  if (!mayOnConversation(principal, 'operate', conversation.row)) {
    const unauthorized = forbidden('You need the permission HANDLE_CONVERSATIONS for this agent.', 'inquiryId');
    return { ok: false, outcome: refused(refuseImpersonator(principal, 'operate') ?? unauthorized) };
  }
  return { ok: true, conversation, inquiry };
}
