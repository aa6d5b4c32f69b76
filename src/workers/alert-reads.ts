import type { EntityManager } from 'typeorm';
import { type AttachedFile, gistOf } from '../domain/attachment/attached-file';
import { IS_CONNECTED, IS_OPERATOR, type OperatorScope } from '../database/operators';
import type { Escalation } from '../domain/conversation/escalation';
import { DEFAULT_NOTIFICATION_SETTINGS } from '../domain/notification/default-settings';
import { DEFAULT_ALERT_INTERVAL_SECONDS } from '../domain/notification/fold-messages';
import type { NotificationChannel, NotificationEvents } from '../domain/notification/notification-kinds';
import type { AlertOperator } from './alert-recipients';

/** What the words of an alert are made of, and whom it concerns. */
export interface AlertConversation {
  readonly visitorName: string;
  readonly agentName: string;
  /** Who has the conversation; null while nobody does. */
  readonly operatorId: string | null;
  readonly watcherIds: ReadonlySet<string>;
  readonly createdAt: Date;
  /** How long its messages are gathered after somebody was told of one. */
  readonly alertIntervalMs: number;
  /** Null: its organization has no ladder, and everybody is told at once. */
  readonly escalation: Escalation | null;
}

interface ConversationRow {
  id: string;
  operator_id: string | null;
  visitor_name: string;
  agent_name: string;
  watcher_ids: string[];
  created_at: Date;
  interval_seconds: number | null;
  escalation: Escalation | null;
}

/** Locked in one order until the alerts are written: an erasure comes before, and there is none to tell of, or after. */
export async function readAlertConversations(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, AlertConversation>> {
  const rows = await manager.query<ConversationRow[]>(
    `select c.id, c.operator_id, v.display_name as visitor_name, a.display_name as agent_name,
       c.created_at, o.alert_interval_seconds as interval_seconds, o.escalation,
       array(select distinct w.user_id from watches w where w.conversation_id = c.id and w.until > now()) as watcher_ids
     from conversations c join visitors v on v.id = c.visitor_id join agents a on a.id = c.agent_id
       left join organizations o on o.id = c.organization_id
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
        createdAt: row.created_at,
        alertIntervalMs: (row.interval_seconds ?? DEFAULT_ALERT_INTERVAL_SECONDS) * 1000,
        escalation: row.escalation,
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
    {
      id: string;
      is_staff: boolean;
      is_online: boolean;
      channels: NotificationChannel[] | null;
      events: NotificationEvents | null;
    }[]
  >(
    `select u.id, u.workspace_role is not null as is_staff, (u.available and ${IS_CONNECTED}) as is_online, s.channels, s.events from users u left join notification_settings s on s.user_id = u.id
     where ${IS_OPERATOR} ${allMessagesOnly ? `and s.events = 'ALL_MESSAGES'` : ''} order by u.id`,
    [scope.workspaceId, scope.organizationId, scope.agentId],
  );
  return rows.map(({ id, is_staff: isStaff, is_online: isOnline, channels, events }) => ({
    userId: id,
    isStaff,
    isOnline,
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
