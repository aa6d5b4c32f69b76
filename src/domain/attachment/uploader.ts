import type { Principal } from '../actor';
import { type ConversationSubject, mayOnConversation } from '../policies/conversation-policy';

/** Whose a file is: nobody else can send it. */
export interface Uploader {
  readonly authorKind: 'VISITOR' | 'AI' | 'OPERATOR';
  readonly authorUserId: string | null;
}

/** As whom the principal prepares a file in the conversation: whoever writes there at some time. Null: it never does. */
export function uploaderOf(principal: Principal, conversation: ConversationSubject): Uploader | null {
  if (mayOnConversation(principal, 'visit', conversation)) return { authorKind: 'VISITOR', authorUserId: null };
  if (mayOnConversation(principal, 'runAi', conversation)) return { authorKind: 'AI', authorUserId: null };
  if (principal.kind === 'USER' && mayOnConversation(principal, 'operate', conversation)) {
    return { authorKind: 'OPERATOR', authorUserId: principal.userId };
  }
  return null;
}
