import { newId } from '../database/ids';
import type { Transaction } from '../database/transact';
import { claimedText } from '../domain/notification/notification-text';
import type { Notification } from '../entities/notification';
import { insertDeliveries, updateNotifications } from './alert-rows';

/** A request that need not be told any more: somebody has the conversation, or nobody is waited for. */
export interface Withdrawal {
  readonly handoffId: string;
  /** When it was claimed or ended: what goes to the team after that is another wait. */
  readonly occurredAt: Date;
  readonly conversationId: string;
  readonly reason: 'CLAIMED' | 'ENDED';
  /** Who has claimed it. */
  readonly operatorId: string | null;
}

/**
 * Takes back what has not left, and puts "… has it" in the place of what has: under the bell, and in every browser that
 * a push of the request went to. What is just being sent decides for itself, by what it reads before it leaves.
 */
export async function withdrawAlerts(transaction: Transaction, withdrawals: readonly Withdrawal[]): Promise<void> {
  if (withdrawals.length === 0) return;
  const parameters = [JSON.stringify(withdrawals)];
  await transaction.manager.query(SKIP, parameters);
  const claimed = await transaction.manager.query<(Notification & { operatorName: string })[]>(CLAIMED, parameters);
  const now = await transaction.now();
  const replaced = claimed.flatMap(({ operatorName, ...row }) => {
    const words = claimedText(operatorName, row.title);
    // Said already: the log is being read again.
    return row.title === words.title ? [] : [{ ...row, ...words, seenAt: row.seenAt ?? now }];
  });
  await updateNotifications(transaction, replaced);
  await replacePushes(
    transaction,
    replaced.map(({ id }) => id),
  );
}

/** What these entries would have told is told by a request: nothing of them leaves. */
export async function skipFolded({ manager }: Transaction, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length === 0) return;
  await manager.query(
    `update deliveries set state = 'SKIPPED', detail = 'FOLDED'
     where notification_id = any ($1::uuid[]) and state = 'PENDING' and attempts = 0`,
    [notificationIds],
  );
}

// A request is told under its own id; one that an operator hands to the team, under the id of the hold that ended with it.
const WITHDRAWN = `(select w.*, coalesce(
    (select h.id from handoff_holds h where h.handoff_id = w."handoffId" and h.ending = 'TRANSFERRED'
       and h.ended_at < w."occurredAt" order by h.began_at desc limit 1), w."handoffId") as subject_id
  from jsonb_to_recordset($1::jsonb)
    as w ("handoffId" uuid, "conversationId" uuid, reason text, "operatorId" uuid, "occurredAt" timestamptz)) w`;

// The requests themselves; and the messages that others were to be told of, where the claim still holds.
const SKIP = `
with ending as (
  select n.id, w.reason from ${WITHDRAWN} join notifications n on n.subject_id = w.subject_id and n.kind = 'HANDOFF_REQUESTED'
  union all
  select n.id, w.reason from ${WITHDRAWN}
  join conversations c on c.id = w."conversationId" and c.operator_id = w."operatorId"
  join notifications n on n.conversation_id = c.id and n.kind = 'MESSAGE_RECEIVED' and n.user_id <> c.operator_id
)
update deliveries d set state = 'SKIPPED', detail = ending.reason from ending
where d.notification_id = ending.id and d.state = 'PENDING' and d.attempts = 0 and d.replaces is null`;

const CLAIMED = `
select n.id, n.workspace_id as "workspaceId", n.user_id as "userId", n.kind, n.subject_id as "subjectId",
  n.conversation_id as "conversationId", n.title, n.body, n.window_start as "windowStart", n.count,
  n.through_sequence as "throughSequence", n.seen_at as "seenAt", n.created_at as "createdAt", u.display_name as "operatorName"
from ${WITHDRAWN}
join notifications n on n.subject_id = w.subject_id and n.kind = 'HANDOFF_REQUESTED'
join users u on u.id = w."operatorId"
where w.reason = 'CLAIMED' order by n.id`;

/** For each push that went out, or may be going out at this moment, one that takes its place. */
async function replacePushes(transaction: Transaction, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length === 0) return;
  const gone = await transaction.manager.query<
    { id: string; workspaceId: string; notificationId: string; pushSubscriptionId: string }[]
  >(
    `select id, workspace_id as "workspaceId", notification_id as "notificationId", push_subscription_id as "pushSubscriptionId"
     from deliveries where notification_id = any ($1::uuid[]) and channel = 'PUSH' and push_subscription_id is not null
       and replaces is null and (state = 'SENT' or (state = 'PENDING' and attempts > 0)) order by id`,
    [notificationIds],
  );
  await insertDeliveries(
    transaction,
    gone.map(({ id, ...target }) => ({
      ...target,
      id: newId(),
      channel: 'PUSH' as const,
      state: 'PENDING' as const,
      detail: null,
      replaces: id,
      dueAt: null,
    })),
  );
}
