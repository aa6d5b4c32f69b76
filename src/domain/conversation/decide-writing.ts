import type { Principal } from '../actor';
import { mayOnConversation, type ConversationSubject } from '../policies/conversation-policy';
import { refuseImpersonator } from '../policies/impersonation-policy';
import { forbidden, notFound, type Refusal, refusal } from '../refusal';
import type { Controller } from './states';

/** What the rules of writing have to know of a conversation. */
interface WrittenIn extends ConversationSubject {
  readonly controller: Controller;
  readonly operatorId: string | null;
}

/** As whom somebody writes; nonces are kept by it. */
export interface Author {
  readonly authorKind: 'VISITOR' | 'OPERATOR';
  readonly authorUserId: string | null;
}

/** As whom the principal writes wherever it may. Null: it never does. */
export function authorOf(principal: Principal): Author | null {
  if (principal.kind === 'USER') return { authorKind: 'OPERATOR', authorUserId: principal.userId };
  return principal.kind === 'VISITOR' ? { authorKind: 'VISITOR', authorUserId: null } : null;
}

export type WritingDecision =
  | {
      readonly ok: true;
      readonly author: Author;
      /** Why nothing new may be written; what was written before still counts. */ readonly barred: Refusal | null;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Whether the principal may write in the conversation, and as whom. Pure: the caller holds the row lock. Null for a
 * conversation that does not exist: it is answered like one that the caller may not see.
 */
export function decideWriting(principal: Principal, conversation: WrittenIn | null): WritingDecision {
  if (conversation === null || !mayOnConversation(principal, 'view', conversation)) {
    return { ok: false, refusal: notFound('conversation', 'conversationId') };
  }
  const author = authorOf(principal);
  if (author !== null && mayOnConversation(principal, 'visit', conversation)) return { ok: true, author, barred: null };
  if (author !== null && mayOnConversation(principal, 'operate', conversation)) {
    return { ok: true, author, barred: whyOperatorMayNotWrite(conversation, author.authorUserId) };
  }
  const unauthorized = forbidden(whyNotWriting(principal), 'conversationId');
  return { ok: false, refusal: refuseImpersonator(principal, 'operate') ?? unauthorized };
}

function whyOperatorMayNotWrite({ controller, operatorId }: WrittenIn, userId: string | null): Refusal | null {
  if (controller !== 'HUMAN') {
    return refusal(
      'INVALID_TRANSITION',
      'You do not have this conversation. Accept or take it over first.',
      'conversationId',
    );
  }
  if (operatorId !== userId) {
    return refusal(
      'ALREADY_CLAIMED',
      'Another operator has this conversation. Let it be transferred to you first.',
      'conversationId',
    );
  }
  return null;
}

function whyNotWriting(principal: Principal): string {
  return principal.kind === 'API_KEY'
    ? 'An API key writes as the AI with postAgentReply, not with sendMessage.'
    : 'You need the permission HANDLE_CONVERSATIONS to write here.';
}
