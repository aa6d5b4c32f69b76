import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { NOWHERE, type Principal } from '../../domain/actor';
import type { AuditActor } from '../../domain/audit';
import { done, type Outcome, refused } from '../../domain/refusal';
import { Visitor } from '../../entities/visitor';
import { audit } from '../audit/audit';
import { lockHeldVisitor } from './held-visitor';

/**
 * Erases a visitor with everything that was said with it, in one transaction: a crash leaves all or nothing. Asked again
 * it answers NOT_FOUND, for nothing is kept that could tell that there was one. Open sockets of the visitor are closed
 * within two seconds, running replies of the AI are broken off, mails that wait are not sent.
 *
 * What was logged keeps its positions, for the log has no holes, and nothing else: see docs/adr/0019.
 */
export async function eraseVisitor(
  database: Database,
  principal: Principal,
  input: { readonly visitorId: string | null },
): Promise<Outcome<{ readonly visitorId: string }>> {
  // Of the whole workspace, for members too: one conversation that they do not see decides that they may not.
  const scope = { workspaceId: principal.workspaceId };
  return transact(database, scope, async (transaction) => {
    const held = await lockHeldVisitor(transaction, principal, input.visitorId);
    if (held.value === null) return refused(held.refusals);
    const { visitor, conversations, organizationId } = held.value;
    await eraseRows(transaction.manager, {
      visitorId: visitor.id,
      conversationIds: conversations.map(({ id }) => id),
    });
    await transaction.manager.query(BLANK_AUDIT_ENTRIES, [visitor.id]);
    // Of itself, the visitor leaves no address behind.
    const actor = principal.kind === 'VISITOR' ? ERASED : principal;
    await audit(transaction, actor, 'VISITOR_ERASED', { ...visitor, organizationId });
    // Sessions go with the visitor; everything else went with its conversations.
    await transaction.rows(Visitor, visitor.workspaceId).delete({ id: visitor.id });
    for (const { id, workspaceId, organizationId, agentId } of conversations) {
      transaction.append({
        name: 'CONVERSATION_ERASED',
        workspaceId,
        organizationId,
        agentId,
        conversationId: id,
        userId: null,
        subjectId: id,
        snapshot: null,
      });
    }
    return done({ visitorId: visitor.id });
  });
}

/** Who it was that has erased itself: nobody any more. */
const ERASED: AuditActor = { kind: 'VISITOR', visitorId: null, ...NOWHERE };

const BLANK_AUDIT_ENTRIES = `
  update audit_entries set actor_id = null, address = null, user_agent = null where actor_kind = 'VISITOR' and actor_id = $1`;

async function eraseRows(
  manager: EntityManager,
  { visitorId, conversationIds }: { visitorId: string; conversationIds: readonly string[] },
): Promise<void> {
  await manager.query('delete from presences where actor_id = $1', [visitorId]);
  if (conversationIds.length === 0) return;
  // First the outbox: what the dispatcher moves while we wait for it is in the log afterwards, and found there.
  await manager.query(blank('outbox', 'id'), [conversationIds]);
  await manager.query(blank('events', 'position'), [conversationIds]);
  await manager.query('delete from watches where conversation_id = any ($1::uuid[])', [conversationIds]);
  // Messages, handoffs, turns, reads, inquiries with their answers, transcripts, notifications and deliveries hang on them.
  await manager.query('delete from conversations where id = any ($1::uuid[])', [conversationIds]);
}

/**
 * Takes everything out of the events of these conversations but the place in the log, the workspace and the time. What
 * is told to one person (notifications, deliveries) carries no conversation and is found by what it is about.
 */
function blank(table: 'outbox' | 'events', key: 'id' | 'position'): string {
  return `
with notified as (
  select id from notifications where conversation_id = any ($1::uuid[])
), told as (
  select id from notified
  union all select d.id from deliveries d where d.notification_id in (select id from notified)
  union all select d.id from deliveries d join inquiry_answers a on a.id = d.inquiry_answer_id
    join inquiries i on i.id = a.inquiry_id where i.conversation_id = any ($1::uuid[])
  union all select d.id from deliveries d join transcripts t on t.id = d.transcript_id
    where t.conversation_id = any ($1::uuid[])
), concerned as (
  select e.${key} from ${table} e where e.conversation_id = any ($1::uuid[])
  union all select e.${key} from ${table} e
    where e.name in ('NOTIFICATION_ADDED', 'NOTIFICATION_CHANGED', 'DELIVERY_ADDED') and e.subject_id in (select id from told)
)
update ${table} set name = 'ERASED', organization_id = null, agent_id = null, conversation_id = null, user_id = null,
  subject_id = '00000000-0000-0000-0000-000000000000', snapshot = null
where ${key} in (select ${key} from concerned)`;
}
