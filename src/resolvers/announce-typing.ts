import { mayOnConversation } from '../domain/policies/conversation-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../domain/refusal';
import { type RequestContext, signedIn } from './request-context';

/** A lost "has stopped" costs nobody more than this. */
const TYPING_MS = 6_000;

/** Passes on that the visitor, or somebody who may operate in the conversation, is typing. Nothing is stored. */
export async function announceTyping(
  context: RequestContext,
  conversationId: string,
  isTyping: boolean,
): Promise<Outcome<true>> {
  const principal = signedIn(context);
  const conversation = await context.loaders.conversations.load(conversationId);
  if (conversation === null || !mayOnConversation(principal, 'view', conversation)) {
    return refused(notFound('conversation', 'conversationId'));
  }
  const typist = whoTypes();
  if (typist === null) return refused(forbidden('Only those who may write here can be typing.', 'conversationId'));
  context.app.hints.publishSignal({
    kind: 'TYPING',
    conversationId,
    ...typist,
    isTyping,
    expiresAt: new Date(Date.now() + (isTyping ? TYPING_MS : 0)).toISOString(),
  });
  return done(true);

  function whoTypes(): { actorKind: 'USER' | 'VISITOR' | 'AGENT'; actorId: string } | null {
    if (conversation === null) return null;
    if (mayOnConversation(principal, 'visit', conversation))
      return { actorKind: 'VISITOR', actorId: conversation.visitorId };
    if (mayOnConversation(principal, 'runAi', conversation))
      return { actorKind: 'AGENT', actorId: conversation.agentId };
    const operates = principal.kind === 'USER' && mayOnConversation(principal, 'operate', conversation);
    return operates ? { actorKind: 'USER', actorId: principal.userId } : null;
  }
}
