import type { MarkedRead } from '../commands/conversation/mark-read';
import { type RequestContext, signedIn } from './request-context';

/**
 * Tells of a mark that has moved: the visitor's, and that of the operator who has the conversation. That anybody else
 * looks on is nobody's to know.
 */
export function announceReadMark(context: RequestContext, { conversation, movedTo }: MarkedRead): void {
  if (movedTo === null) return;
  const principal = signedIn(context);
  const isTheOperator = principal.kind === 'USER' && principal.userId === conversation.operatorId;
  if (principal.kind !== 'VISITOR' && !isTheOperator) return;
  const reader = isTheOperator ? 'OPERATOR' : 'VISITOR';
  context.app.hints.publishSignal({ kind: 'READ_MARK', conversationId: conversation.id, reader, sequence: movedTo });
}
