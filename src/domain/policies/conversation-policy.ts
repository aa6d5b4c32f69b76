import { holdsPermission, type Principal } from '../actor';
import { isImpersonated } from './impersonation-policy';

/** What a rule needs to know of a conversation (or of anything that belongs to one). */
export interface ConversationSubject {
  readonly workspaceId: string;
  readonly organizationId: string | null;
  readonly agentId: string;
  readonly visitorId: string;
}

export type ConversationOperation = 'view' | 'viewNotes' | 'operate' | 'visit' | 'runAi';

const RULES: Record<ConversationOperation, (principal: Principal, subject: ConversationSubject) => boolean> = {
  /** Read the transcript and subscribe to it. */
  view: (principal, subject) =>
    RULES.visit(principal, subject) || RULES.runAi(principal, subject) || mayRead(principal, subject),
  /** Read what operators note for each other: colleagues alone, never the visitor or the AI. */
  viewNotes: (principal, subject) => mayRead(principal, subject),
  /** Accept, take over, reply, hand back, close. A person, and that very one: a key can have no conversation. */
  operate: (principal, subject) =>
    principal.kind === 'USER' &&
    !isImpersonated(principal) &&
    holdsPermission(principal, 'HANDLE_CONVERSATIONS', subject) &&
    coversAgent(principal, subject.agentId),
  /** Write as the visitor of this very conversation. */
  visit: (principal, subject) =>
    principal.kind === 'VISITOR' &&
    principal.workspaceId === subject.workspaceId &&
    principal.visitorId === subject.visitorId,
  /** Answer as the AI of its agent. */
  runAi: (principal, subject) =>
    principal.kind === 'API_KEY' &&
    principal.workspaceId === subject.workspaceId &&
    principal.agentId === subject.agentId,
};

export function mayOnConversation(
  principal: Principal,
  operation: ConversationOperation,
  subject: ConversationSubject,
): boolean {
  return RULES[operation](principal, subject);
}

/** Its author, for as long as they handle conversations there, and who manages the organization. */
export function mayDeleteNote(
  principal: Principal,
  note: { readonly authorUserId: string },
  subject: ConversationSubject,
): boolean {
  if (isImpersonated(principal) || !RULES.viewNotes(principal, subject)) return false;
  const isAuthor = principal.kind === 'USER' && principal.userId === note.authorUserId;
  return (isAuthor && RULES.operate(principal, subject)) || holdsPermission(principal, 'MANAGE_ORGANIZATION', subject);
}

/** Whether a member may see this agent's conversations at all: staff and unlimited members see every agent's. */
export function coversAgent(principal: Principal, agentId: string): boolean {
  return principal.kind !== 'USER' || principal.agentIds === null || principal.agentIds.includes(agentId);
}

function mayRead(principal: Principal, subject: ConversationSubject): boolean {
  const reads =
    holdsPermission(principal, 'VIEW_CONVERSATIONS', subject) ||
    holdsPermission(principal, 'HANDLE_CONVERSATIONS', subject);
  return reads && coversAgent(principal, subject.agentId);
}
