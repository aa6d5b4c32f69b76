import { newId } from '../database/ids';
import type { Transaction } from '../database/transact';
import { foldMessage, TOGETHER_MS } from '../domain/notification/fold-messages';
import type { NotificationChannel } from '../domain/notification/notification-kinds';
import { notificationText } from '../domain/notification/notification-text';
import { alertIntervalFor } from '../domain/settings-layers';
import type { Notification } from '../entities/notification';
import { type AlertEntries, isAboutConversation, readAlertEntries, toldBy } from './alert-entries';
import {
  type AlertConversation,
  readAlertConversations,
  readLastVisitorTexts,
  readOperators,
  readPushSubscriptions,
} from './alert-reads';
import { type AlertOperator, type Recipient, recipientsOf } from './alert-recipients';
import { insertDeliveries, insertNotifications, type NewDelivery, tell, updateNotifications } from './alert-rows';
import type { Alert } from './event-routes';
import { skipFolded } from './withdraw-alerts';

/** A notification that may be written, with whom it is for. */
interface Draft {
  readonly row: Notification;
  readonly recipient: Recipient;
}

/**
 * Writes the notifications and deliveries that these alerts lead to, and the events that tell of them. Rows that exist
 * already are left alone, and nothing follows from them a second time; what belongs together becomes one: docs/adr/0034.
 */
export async function writeAlerts(transaction: Transaction, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  const { drafts, entries } = await draftAll(transaction, alerts);
  const ids = await insertNotifications(
    transaction,
    drafts.map(({ row }) => row),
  );
  const written = drafts.filter(({ row }) => ids.has(row.id));
  for (const { row, recipient } of written) {
    if (!recipient.isWatching) tell(transaction, 'NOTIFICATION_ADDED', row.workspaceId, row.userId, row.id, { ...row });
  }
  await updateNotifications(
    transaction,
    entries.all.filter(({ isChanged }) => isChanged).map(({ row }) => row),
  );
  await skipFolded(
    transaction,
    entries.all.filter(({ isFolded, recipient }) => isFolded && recipient === null).map(({ row }) => row.id),
  );
  await insertDeliveries(transaction, await draftDeliveries(transaction, written));
}

async function draftAll(
  transaction: Transaction,
  alerts: readonly Alert[],
): Promise<{ drafts: Draft[]; entries: AlertEntries }> {
  const { manager } = transaction;
  const conversations = await readAlertConversations(
    manager,
    alerts.map((alert) => alert.conversationId),
  );
  const lastTexts = await readLastVisitorTexts(
    manager,
    alerts.filter(isAboutHandoff).map((alert) => alert.conversationId),
  );
  const operatorsOf = cachedOperators(transaction);
  const told: { alert: Alert; conversation: AlertConversation; recipients: Recipient[] }[] = [];
  for (const alert of alerts) {
    const conversation = conversations.get(alert.conversationId);
    if (conversation === undefined) continue;
    const recipients = recipientsOf(alert, conversation, await operatorsOf(alert));
    if (recipients.length > 0) told.push({ alert, conversation, recipients });
  }
  const folding = told.filter(({ alert }) => alert.kind === 'MESSAGE_RECEIVED' || alert.kind === 'HANDOFF_REQUESTED');
  const now = await transaction.now();
  const entries = await readAlertEntries(
    transaction,
    folding.map(({ alert }) => alert.conversationId),
    now,
  );
  const others: Draft[] = [];
  for (const { alert, conversation, recipients } of told) {
    const words = wordsOf(alert, conversation, lastTexts.get(alert.conversationId) ?? null);
    for (const recipient of recipients) {
      const row = toRow(alert, recipient, words, now);
      if (alert.kind === 'MESSAGE_RECEIVED') addMessage(entries, { alert, conversation, recipient, row }, now);
      else if (alert.kind === 'HANDOFF_REQUESTED') addRequest(entries, recipient, row);
      else others.push({ row, recipient });
    }
  }
  const added = entries.all.flatMap(({ row, recipient, isFolded }) =>
    recipient === null || isFolded ? [] : [{ row, recipient }],
  );
  return { drafts: [...added, ...others], entries };
}

/** One message for one person: an entry of its own, a part of one, or told already. */
function addMessage(
  entries: AlertEntries,
  { alert, conversation, recipient, row }: Draft & { alert: Alert; conversation: AlertConversation },
  now: Date,
): void {
  const sequence = alert.sequence ?? 0;
  const isNewConversation = alert.occurredAt.getTime() - conversation.createdAt.getTime() < TOGETHER_MS;
  const message = { sequence, isNewConversation, hasOperator: conversation.operatorId !== null };
  const before = entries.of(recipient.userId, alert.conversationId);
  const interval = alertIntervalFor(recipient.ownIntervalSeconds, conversation.handoff);
  const fold = foldMessage(message, before, now, interval.value * 1000);
  if (fold.as === 'TOLD') return;
  if (fold.as === 'ENTRY') {
    row.windowStart = entries.windowAt(fold.leavesAt, row);
    addEntry(entries, row, recipient, true);
    return;
  }
  const entry = fold.of;
  entry.throughSequence = entry.row.throughSequence = sequence;
  entry.isChanged = entry.recipient === null;
  if (entry.kind === 'HANDOFF_REQUESTED') return;
  entry.row.count += 1;
  // Somebody may have looked between two messages: the newer one is new to them.
  entry.row.seenAt = null;
  const { visitorName } = conversation;
  Object.assign(
    entry.row,
    notificationText({ kind: 'MESSAGE_RECEIVED', visitorName, text: alert.text.text, count: entry.row.count }),
  );
}

/** A request says more than the messages before it: those that have not left become part of it. */
function addRequest(entries: AlertEntries, recipient: Recipient, row: Notification): void {
  const before = entries.of(row.userId, row.conversationId ?? '');
  // A later rung of the ladder tells again, in a window of its own; the same one never does.
  if (before.some((entry) => entry.row.subjectId === row.subjectId && entry.leavesAt >= row.windowStart)) return;
  for (const entry of before) {
    if (entry.kind !== 'MESSAGE_RECEIVED' || !entry.isOpen) continue;
    entry.isFolded = true;
    entry.row.seenAt = row.createdAt;
    entry.isChanged = entry.recipient === null;
  }
  addEntry(entries, row, recipient, false);
}

function addEntry(entries: AlertEntries, row: Notification, recipient: Recipient, isOpen: boolean): void {
  if (!isAboutConversation(row)) return;
  entries.add({ ...toldBy(row, isOpen), recipient, isChanged: false, isFolded: false });
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
  if (kind === 'MESSAGE_RECEIVED') return notificationText({ kind, visitorName, text: text.text, count: 1 });
  const { origin, reason, summary } = text;
  return notificationText({ kind, visitorName, agentName, origin, reason, summary, lastVisitorText, transfer });
}

function toRow(alert: Alert, recipient: Recipient, words: { title: string; body: string }, now: Date): Notification {
  return {
    id: newId(),
    workspaceId: alert.workspaceId,
    userId: recipient.userId,
    kind: alert.kind,
    subjectId: alert.kind === 'MESSAGE_RECEIVED' ? alert.conversationId : alert.subjectId,
    conversationId: alert.conversationId,
    ...words,
    quietUntil: null,
    // Those named last were told with everybody: they are told again.
    windowStart: alert.kind === 'HANDOFF_REQUESTED' && alert.rung === 'FALLBACK' ? alert.occurredAt : new Date(0),
    count: 1,
    throughSequence: alert.sequence,
    seenAt: recipient.isWatching ? now : null,
    createdAt: now,
  };
}

async function draftDeliveries({ manager }: Transaction, written: readonly Draft[]): Promise<NewDelivery[]> {
  const byPush = written.filter(({ recipient }) => recipient.settings.channels.includes('PUSH'));
  const subscriptions = await readPushSubscriptions(
    manager,
    byPush.map(({ row }) => row.userId),
  );
  return written.flatMap(({ row, recipient }) => {
    const make = (channel: NotificationChannel, browser: string | null, skipped: string | null): NewDelivery => {
      const detail = recipient.isWatching ? 'WATCHING' : skipped;
      const state = detail === null ? 'PENDING' : 'SKIPPED';
      const { workspaceId, id: notificationId, windowStart } = row;
      const dueAt = row.kind === 'MESSAGE_RECEIVED' && windowStart > row.createdAt ? windowStart : null;
      const place = { id: newId(), workspaceId, notificationId, channel, pushSubscriptionId: browser };
      return { ...place, state, detail, replaces: null, dueAt };
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
