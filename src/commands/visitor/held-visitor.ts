import type { Transaction } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { mayHoldVisitorData } from '../../domain/policies/visitor-policy';
import { done, notFound, type Outcome, refusal, refused } from '../../domain/refusal';
import { Agent } from '../../entities/agent';
import { Conversation } from '../../entities/conversation';
import { Visitor } from '../../entities/visitor';

/** A visitor whose data the principal may read and erase, with all of its conversations, oldest first. */
export interface HeldVisitor {
  readonly visitor: Visitor;
  readonly conversations: readonly Conversation[];
  /** The one that all of it belongs to; null where there are several, or none. */
  readonly organizationId: string | null;
}

/**
 * Locks the visitor, then its conversations: from here on nothing can be written that belongs to it. `visitorId` null
 * means the visitor that asks. Whoever may not gets the same answer as for an id that names nobody.
 */
export async function lockHeldVisitor(
  transaction: Transaction,
  principal: Principal,
  visitorId: string | null,
): Promise<Outcome<HeldVisitor>> {
  const { workspaceId } = principal;
  const id = visitorId ?? (principal.kind === 'VISITOR' ? principal.visitorId : null);
  if (id === null)
    return refused(refusal('INVALID', 'Say which visitor: only a visitor may leave this out.', 'visitorId'));
  const missing = refused<HeldVisitor>(notFound('visitor', 'visitorId'));
  const visitor = await transaction.rows(Visitor, workspaceId).lock({ id });
  // A missing one takes the same statements as a hidden one.
  const conversations = await transaction.manager.find(Conversation, {
    where: { visitorId: id, workspaceId },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const agent = await transaction.rows(Agent, workspaceId).find({ id: visitor?.agentId ?? id });
  if (visitor === null) return missing;
  const owners = conversations.map((each) => each.organizationId);
  const organizationIds = owners.length === 0 ? [agent?.organizationId ?? null] : owners;
  const subject = { workspaceId, visitorId: id, agentId: visitor.agentId, organizationIds };
  if (!mayHoldVisitorData(principal, subject)) return missing;
  const [organizationId = null, ...others] = new Set(organizationIds);
  return done({ visitor, conversations, organizationId: others.length === 0 ? organizationId : null });
}
