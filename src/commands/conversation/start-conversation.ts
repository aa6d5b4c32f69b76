import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkNonce } from '../../domain/conversation/message-text';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import { Conversation } from '../../entities/conversation';
import { Visitor } from '../../entities/visitor';

/** Starts a conversation of the visitor with the agent of its session. The same key gives the same conversation. */
export async function startConversation(
  database: Database,
  principal: Principal,
  input: { idempotencyKey: string },
): Promise<Outcome<Conversation>> {
  if (principal.kind !== 'VISITOR') return refused(forbidden('Only a visitor can start a conversation.'));
  const invalid = checkNonce(input.idempotencyKey, 'idempotencyKey');
  if (invalid.length > 0) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    // The visitor's row orders two requests with one key.
    const visitor = await transaction.rows(Visitor, principal.workspaceId).lock({ id: principal.visitorId });
    // Erased since its credential was checked.
    if (visitor === null) return refused(notFound('visitor'));
    const conversations = transaction.rows(Conversation, principal.workspaceId);
    const earlier = await conversations.find({ visitorId: visitor.id, idempotencyKey: input.idempotencyKey });
    if (earlier !== null) return done(earlier);
    const agent = await transaction.rows(Agent, principal.workspaceId).find({ id: visitor.agentId });
    if (agent === null) throw new Error(`Agent ${visitor.agentId} of a visitor does not exist.`);
    const now = await transaction.now();
    const conversation = await conversations.insert({
      id: newId(),
      organizationId: agent.organizationId,
      agentId: agent.id,
      visitorId: visitor.id,
      idempotencyKey: input.idempotencyKey,
      status: 'OPEN',
      controller: 'AI',
      controlEpoch: 1,
      operatorId: null,
      handoffId: null,
      handoffState: null,
      lastSequence: 0,
      lastMessageAt: now,
      waitingSince: null,
      createdAt: now,
      closedAt: null,
      version: 1,
    });
    transaction.append({
      name: 'CONVERSATION_CHANGED',
      workspaceId: conversation.workspaceId,
      organizationId: conversation.organizationId,
      agentId: conversation.agentId,
      conversationId: conversation.id,
      userId: null,
      subjectId: conversation.id,
      snapshot: conversation,
    });
    return done(conversation);
  });
}
