import { newId } from '../database/ids';
import type { Transaction } from '../database/transact';
import type { DeliveryState, NotificationChannel } from '../domain/notification/notification-kinds';
import { notificationText } from '../domain/notification/notification-text';
import type { Notification } from '../entities/notification';
import {
  type AlertConversation,
  readAlertConversations,
  readLastVisitorTexts,
  readOperators,
  readPushSubscriptions,
} from './alert-reads';
import { type AlertOperator, type Recipient, recipientsOf } from './alert-recipients';
import type { Alert } from './event-routes';

/** A notification that may be written, with whom it is for. */
interface Draft {
  readonly row: Notification;
  readonly recipient: Recipient;
}

interface NewDelivery {
  readonly id: string;
  readonly workspaceId: string;
  readonly notificationId: string;
  readonly channel: NotificationChannel;
  readonly pushSubscriptionId: string | null;
  readonly state: DeliveryState;
  readonly detail: string | null;
}

/**
 * Writes the notifications and deliveries that these alerts lead to, and the events that tell of them. Rows that exist
 * already are left alone, and nothing follows from them a second time.
 */
export async function writeAlerts(transaction: Transaction, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  const drafts = await draftAll(transaction, alerts);
  const written = await insertNotifications(transaction, drafts);
  const deliveries = await draftDeliveries(transaction, written);
  await insertDeliveries(transaction, deliveries);
  for (const { row, recipient } of written) {
    if (!recipient.isWatching) tell(transaction, 'NOTIFICATION_ADDED', row.workspaceId, row.userId, row.id, { ...row });
  }
  for (const delivery of deliveries) {
    if (delivery.state === 'PENDING')
      tell(transaction, 'DELIVERY_ADDED', delivery.workspaceId, null, delivery.id, null);
  }
}

async function draftAll(transaction: Transaction, alerts: readonly Alert[]): Promise<Draft[]> {
  const { manager } = transaction;
  const now = await transaction.now();
  const conversations = await readAlertConversations(
    manager,
    alerts.map((alert) => alert.conversationId),
  );
  const lastTexts = await readLastVisitorTexts(
    manager,
    alerts.filter(isAboutHandoff).map((alert) => alert.conversationId),
  );
  const operatorsOf = cachedOperators(transaction);
  const drafts: Draft[] = [];
  for (const alert of alerts) {
    const conversation = conversations.get(alert.conversationId);
    if (conversation === undefined) continue;
    const words = wordsOf(alert, conversation, lastTexts.get(alert.conversationId) ?? null);
    for (const recipient of recipientsOf(alert.kind, conversation, await operatorsOf(alert), alert.transfer)) {
      drafts.push({ row: toRow(alert, recipient, words, now), recipient });
    }
  }
  return drafts;
}

function isAboutHandoff(alert: Alert): boolean {
  return alert.kind !== 'INQUIRY_SUBMITTED' && alert.kind !== 'MESSAGE_RECEIVED';
}

/** Hundreds of messages of one batch ask for the same few agents. */
function cachedOperators(transaction: Transaction): (alert: Alert) => Promise<readonly AlertOperator[]> {
  const cache = new Map<string, readonly AlertOperator[]>();
  return async (alert) => {
    const allMessagesOnly = alert.kind === 'MESSAGE_RECEIVED';
    const key = `${alert.organizationId ?? ''} ${alert.agentId} ${allMessagesOnly}`;
    const operators = cache.get(key) ?? (await readOperators(transaction.manager, alert, allMessagesOnly));
    cache.set(key, operators);
    return operators;
  };
}

function wordsOf(
  { kind, text, transfer }: Alert,
  { visitorName, agentName }: AlertConversation,
  lastVisitorText: string | null,
): { title: string; body: string } {
  if (kind === 'INQUIRY_SUBMITTED')
    return notificationText({ kind, visitorName: text.name ?? visitorName, text: text.text });
  if (kind === 'MESSAGE_RECEIVED') return notificationText({ kind, visitorName, text: text.text });
  const { origin, reason, summary } = text;
  return notificationText({ kind, visitorName, agentName, origin, reason, summary, lastVisitorText, transfer });
}

function toRow(alert: Alert, recipient: Recipient, words: { title: string; body: string }, now: Date): Notification {
  return {
    id: newId(),
    workspaceId: alert.workspaceId,
    userId: recipient.userId,
    kind: alert.kind,
    subjectId: alert.subjectId,
    conversationId: alert.conversationId,
    ...words,
    quietUntil: null,
    seenAt: recipient.isWatching ? now : null,
    createdAt: now,
  };
}

/** Returns those that were really written. */
async function insertNotifications({ manager }: Transaction, drafts: readonly Draft[]): Promise<Draft[]> {
  if (drafts.length === 0) return [];
  const rows = await manager.query<{ id: string }[]>(
    `insert into notifications (id, workspace_id, user_id, kind, subject_id, conversation_id, title, body, seen_at, created_at)
     select n.id, n."workspaceId", n."userId", n.kind, n."subjectId", n."conversationId", n.title, n.body, n."seenAt", n."createdAt"
     from jsonb_to_recordset($1::jsonb) as n (id uuid, "workspaceId" uuid, "userId" uuid, kind text, "subjectId" uuid,
       "conversationId" uuid, title text, body text, "seenAt" timestamptz, "createdAt" timestamptz)
     order by n.id on conflict (subject_id, user_id, kind) do nothing returning id`,
    [JSON.stringify(drafts.map(({ row }) => row))],
  );
  const written = new Set(rows.map(({ id }) => id));
  return drafts.filter(({ row }) => written.has(row.id));
}

async function draftDeliveries({ manager }: Transaction, written: readonly Draft[]): Promise<NewDelivery[]> {
  const byPush = written.filter(({ recipient }) => recipient.settings.channels.includes('PUSH'));
  const subscriptions = await readPushSubscriptions(
    manager,
    byPush.map(({ row }) => row.userId),
  );
  return written.flatMap(({ row, recipient }) => {
    const make = (
      channel: NotificationChannel,
      pushSubscriptionId: string | null,
      skipped: string | null,
    ): NewDelivery => {
      const detail = recipient.isWatching ? 'WATCHING' : skipped;
      const state = detail === null ? 'PENDING' : 'SKIPPED';
      return {
        id: newId(),
        workspaceId: row.workspaceId,
        notificationId: row.id,
        channel,
        pushSubscriptionId,
        state,
        detail,
      };
    };
    const { channels } = recipient.settings;
    const browsers = subscriptions.get(row.userId) ?? [];
    const pushes =
      browsers.length > 0 ? browsers.map((id) => make('PUSH', id, null)) : [make('PUSH', null, 'NO_PUSH_SUBSCRIPTION')];
    return [
      ...(channels.includes('EMAIL') ? [make('EMAIL', null, null)] : []),
      ...(channels.includes('PUSH') ? pushes : []),
    ];
  });
}

async function insertDeliveries({ manager }: Transaction, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await manager.query(
    `insert into deliveries (id, workspace_id, notification_id, channel, push_subscription_id, state, detail)
     select d.id, d."workspaceId", d."notificationId", d.channel, d."pushSubscriptionId", d.state, d.detail
     from jsonb_to_recordset($1::jsonb) as d (id uuid, "workspaceId" uuid, "notificationId" uuid, channel text,
       "pushSubscriptionId" uuid, state text, detail text) order by d.id`,
    [JSON.stringify(deliveries)],
  );
}

/** Without the conversation and organization: what is for one person is no part of anybody else's streams. */
function tell(
  transaction: Transaction,
  name: 'NOTIFICATION_ADDED' | 'DELIVERY_ADDED',
  workspaceId: string,
  userId: string | null,
  subjectId: string,
  snapshot: object | null,
): void {
  const nowhere = { organizationId: null, agentId: null, conversationId: null };
  transaction.append({ name, workspaceId, ...nowhere, userId, subjectId, snapshot });
}
