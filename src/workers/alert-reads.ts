import type { EntityManager } from 'typeorm';
import { type AttachedFile, gistOf } from '../domain/attachment/attached-file';
import { IS_OPERATOR, type OperatorScope } from '../database/operators';
import { DEFAULT_NOTIFICATION_SETTINGS } from '../domain/notification/default-settings';
import type { NotificationChannel, NotificationEvents } from '../domain/notification/notification-kinds';
import type { AlertOperator } from './alert-recipients';

/** What the words of an alert are made of, and whom it concerns. */
export interface AlertConversation {
  readonly visitorName: string;
  readonly agentName: string;
  /** Who has the conversation; null while nobody does. */
  readonly operatorId: string | null;
  readonly watcherIds: ReadonlySet<string>;
}

interface ConversationRow {
  id: string;
  operator_id: string | null;
  visitor_name: string;
  agent_name: string;
  watcher_ids: string[];
}

/** Locked in one order until the alerts are written: an erasure comes before, and there is none to tell of, or after. */
export async function readAlertConversations(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, AlertConversation>> {
  const rows = await manager.query<ConversationRow[]>(
    `select c.id, c.operator_id, v.display_name as visitor_name, a.display_name as agent_name,
       array(select distinct w.user_id from watches w where w.conversation_id = c.id and w.until > now()) as watcher_ids
     from conversations c join visitors v on v.id = c.visitor_id join agents a on a.id = c.agent_id
     where c.id = any ($1::uuid[]) order by c.id for key share of c`,
    [[...new Set(ids)]],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        visitorName: row.visitor_name,
        agentName: row.agent_name,
        operatorId: row.operator_id,
        watcherIds: new Set(row.watcher_ids),
      },
    ]),
  );
}

/** The visitor's newest text of each conversation. */
export async function readLastVisitorTexts(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await manager.query<{ id: string; text: string; files: readonly AttachedFile[] | null }[]>(
    `select c.id, m.text, m.attachments as files from unnest($1::uuid[]) as c (id) cross join lateral (
       select text, attachments from messages where conversation_id = c.id and author_kind = 'VISITOR' and kind = 'TEXT'
       order by sequence desc limit 1) m`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, gistOf(row.text, row.files ?? [])]));
}

/** Everybody who may handle the agent; `allMessagesOnly` leaves out those who want no single messages. */
export async function readOperators(
  manager: EntityManager,
  scope: OperatorScope,
  allMessagesOnly: boolean,
): Promise<AlertOperator[]> {
  const rows = await manager.query<
    { id: string; channels: NotificationChannel[] | null; events: NotificationEvents | null }[]
  >(
    `select u.id, s.channels, s.events from users u left join notification_settings s on s.user_id = u.id
     where ${IS_OPERATOR} ${allMessagesOnly ? `and s.events = 'ALL_MESSAGES'` : ''} order by u.id`,
    [scope.workspaceId, scope.organizationId, scope.agentId],
  );
  return rows.map(({ id, channels, events }) => ({
    userId: id,
    settings: channels === null || events === null ? DEFAULT_NOTIFICATION_SETTINGS : { channels, events },
  }));
}

/** Registered browsers of each of these users. */
export async function readPushSubscriptions(
  manager: EntityManager,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await manager.query<{ user_id: string; ids: string[] }[]>(
    `select user_id, array_agg(id order by id) as ids from push_subscriptions where user_id = any ($1::uuid[]) group by user_id`,
    [[...new Set(userIds)]],
  );
  return new Map(rows.map((row) => [row.user_id, row.ids]));
}
