import type { EntityManager } from 'typeorm';
import { type AttachedFile, gistOf } from '../domain/attachment/attached-file';
import { IS_CONNECTED, IS_OPERATOR, type OperatorScope } from '../database/operators';
import {
  choiceOf,
  type HandoffLayer,
  type ResolvedHandoff,
  resolveHandoff,
  resolveNotifications,
} from '../domain/settings-layers';
import { CHOICE, type ChoiceRow, WANTS_ALL_MESSAGES, WITH_CHOICE } from '../queries/notification-choice';
import type { AlertOperator } from './alert-recipients';

/** What the words of an alert are made of, and whom it concerns. */
export interface AlertConversation {
  readonly visitorName: string;
  readonly agentName: string;
  /** Who has the conversation; null while nobody does. */
  readonly operatorId: string | null;
  readonly watcherIds: ReadonlySet<string>;
  readonly createdAt: Date;
  /** Its ladder, and how long its messages are gathered: the agent's own settings, or its organization's. */
  readonly handoff: ResolvedHandoff;
}

interface ConversationRow {
  id: string;
  operator_id: string | null;
  visitor_name: string;
  agent_name: string;
  watcher_ids: string[];
  created_at: Date;
  of_agent: HandoffLayer;
  of_organization: HandoffLayer;
}

/** Locked in one order until the alerts are written: an erasure comes before, and there is none to tell of, or after. */
export async function readAlertConversations(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, AlertConversation>> {
  const rows = await manager.query<ConversationRow[]>(
    `select c.id, c.operator_id, v.display_name as visitor_name, a.display_name as agent_name,
       c.created_at, ${layerOf('a')} as of_agent, ${layerOf('o')} as of_organization,
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
        handoff: resolveHandoff(row.of_agent, row.of_organization),
      },
    ]),
  );
}

/** No row in `alias`: every value is null. */
function layerOf(alias: 'a' | 'o'): string {
  return `jsonb_build_object('escalation', ${alias}.escalation, 'businessHours', ${alias}.business_hours,
    'alertIntervalSeconds', ${alias}.alert_interval_seconds)`;
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
  const rows = await manager.query<(ChoiceRow & { id: string; is_staff: boolean; is_online: boolean })[]>(
    `select u.id, u.workspace_role is not null as is_staff, (u.available and ${IS_CONNECTED}) as is_online, ${CHOICE}
     from users u ${WITH_CHOICE}
     where ${IS_OPERATOR} ${allMessagesOnly ? `and ${WANTS_ALL_MESSAGES}` : ''} order by u.id`,
    [scope.workspaceId, scope.organizationId, scope.agentId],
  );
  return rows.map(({ id, is_staff: isStaff, is_online: isOnline, own, of_organization: ofOrganization }) => ({
    userId: id,
    isStaff,
    isOnline,
    settings: choiceOf(resolveNotifications(own, ofOrganization)),
    ownIntervalSeconds: own.alertIntervalSeconds,
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
