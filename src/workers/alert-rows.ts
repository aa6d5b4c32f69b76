import type { Transaction } from '../database/transact';
import type { DeliveryState, NotificationChannel } from '../domain/notification/notification-kinds';
import type { Notification } from '../entities/notification';

export interface NewDelivery {
  readonly id: string;
  readonly workspaceId: string;
  readonly notificationId: string;
  readonly channel: NotificationChannel;
  readonly pushSubscriptionId: string | null;
  readonly state: DeliveryState;
  readonly detail: string | null;
  /** The push whose place it takes. */
  readonly replaces: string | null;
  /** Null: at once. */
  readonly dueAt: Date | null;
}

const COLUMNS = `n (id uuid, "workspaceId" uuid, "userId" uuid, kind text, "subjectId" uuid, "conversationId" uuid, title text,
  body text, "windowStart" timestamptz, count integer, "throughSequence" integer, "seenAt" timestamptz, "createdAt" timestamptz)`;

/** Returns the ids of those that were really written: whatever is there already is left alone. */
export async function insertNotifications(
  { manager }: Transaction,
  rows: readonly Notification[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const written = await manager.query<{ id: string }[]>(
    `insert into notifications (id, workspace_id, user_id, kind, subject_id, conversation_id, title, body, window_start,
       count, through_sequence, seen_at, created_at)
     select n.id, n."workspaceId", n."userId", n.kind, n."subjectId", n."conversationId", n.title, n.body, n."windowStart",
       n.count, n."throughSequence", n."seenAt", n."createdAt"
     from jsonb_to_recordset($1::jsonb) as ${COLUMNS}
     order by n.id on conflict (subject_id, user_id, kind, window_start) do nothing returning id`,
    [JSON.stringify(rows)],
  );
  return new Set(written.map(({ id }) => id));
}

/** Writes what these entries say now, and tells the person's other screens. */
export async function updateNotifications(transaction: Transaction, rows: readonly Notification[]): Promise<void> {
  if (rows.length === 0) return;
  await transaction.manager.query(
    `update notifications o set title = n.title, body = n.body, count = n.count, through_sequence = n."throughSequence",
       seen_at = n."seenAt"
     from jsonb_to_recordset($1::jsonb) as ${COLUMNS} where o.id = n.id`,
    [JSON.stringify(rows)],
  );
  for (const row of rows) {
    tell(transaction, 'NOTIFICATION_CHANGED', row.workspaceId, row.userId, row.id, { ...row });
  }
}

export async function insertDeliveries(transaction: Transaction, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = await transaction.manager.query<{ id: string }[]>(
    `insert into deliveries (id, workspace_id, notification_id, channel, push_subscription_id, state, detail, replaces, due_at)
     select d.id, d."workspaceId", d."notificationId", d.channel, d."pushSubscriptionId", d.state, d.detail, d.replaces,
       coalesce(d."dueAt", now())
     from jsonb_to_recordset($1::jsonb) as d (id uuid, "workspaceId" uuid, "notificationId" uuid, channel text,
       "pushSubscriptionId" uuid, state text, detail text, replaces uuid, "dueAt" timestamptz) order by d.id
     on conflict do nothing returning id`,
    [JSON.stringify(deliveries)],
  );
  const written = new Set(rows.map(({ id }) => id));
  for (const { id, workspaceId, state, dueAt } of deliveries) {
    if (state === 'PENDING' && written.has(id))
      tell(transaction, 'DELIVERY_ADDED', workspaceId, null, id, dueAt && { dueAt });
  }
}

/** Without the conversation and organization: what is for one person is no part of anybody else's streams. */
export function tell(
  transaction: Transaction,
  name: 'NOTIFICATION_ADDED' | 'NOTIFICATION_CHANGED' | 'DELIVERY_ADDED',
  workspaceId: string,
  userId: string | null,
  subjectId: string,
  snapshot: object | null,
): void {
  const nowhere = { organizationId: null, agentId: null, conversationId: null };
  transaction.append({ name, workspaceId, ...nowhere, userId, subjectId, snapshot });
}
