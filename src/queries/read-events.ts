import type { EntityManager } from 'typeorm';
import type { Ask } from '../database/prepared';
import type { EventName, LoggedEvent } from '../domain/events';

/** A piece of the log, and where the log stood in the same snapshot. */
export interface LogPage {
  /** Names this log: another one means another database, or one that was put in its place. */
  readonly logId: string;
  /** The newest position that was given. */
  readonly top: number;
  /** Everything up to here has been deleted. */
  readonly prunedPosition: number;
  readonly events: readonly LoggedEvent[];
}

/** Whose events: everything of one conversation, organization or workspace. */
export type EventScope =
  { readonly conversationId: string } | { readonly organizationId: string } | { readonly workspaceId: string };

interface LogRow {
  log_id: string;
  top: string;
  pruned_position: string;
  /** Null in the one row of a page without events. */
  position: string | null;
  name: EventName;
  workspace_id: string;
  organization_id: string | null;
  agent_id: string | null;
  conversation_id: string | null;
  user_id: string | null;
  subject_id: string;
  snapshot: Record<string, unknown> | null;
  occurred_at: Date;
}

/** The log after `position`, at most `limit` events, in order and without a hole unless the log itself has one. */
export async function readEventsAfter(manager: EntityManager, position: number, limit: number): Promise<LogPage> {
  return toPage(await manager.query<LogRow[]>(AFTER.text, [position, limit]));
}

/** The same, for whoever asks it again and again: nothing can follow it in its transaction. */
export async function askEventsAfter(ask: Ask, position: number, limit: number): Promise<LogPage> {
  return toPage(await ask<LogRow>(AFTER, [position, limit], 'LAST'));
}

/** Events of one scope with `after` < position <= `upTo`, oldest first; `agentIds` null means all agents. */
export async function readScopeEvents(
  manager: EntityManager,
  options: {
    scope: EventScope;
    names: readonly EventName[];
    agentIds: readonly string[] | null;
    after: number;
    upTo: number;
    limit: number;
  },
): Promise<LogPage> {
  const { scope, names, agentIds, after, upTo, limit } = options;
  const [column, id] = columnOf(scope);
  const condition = `position > $1 and position <= $3 and ${column} = $4 and name = any($5::text[])
    and ($6::uuid[] is null or agent_id = any($6::uuid[]))`;
  return toPage(await manager.query<LogRow[]>(pageQuery(condition), [after, limit, upTo, id, names, agentIds]));
}

/** Gives the log another name, so that no cursor of before is a place in it; nothing when somebody else already has. */
export async function renameLog(manager: EntityManager, logId: string): Promise<void> {
  await manager.query('update event_log set log_id = gen_random_uuid() where log_id = $1', [logId]);
}

/** One statement, so that events, top and pruned position are of one snapshot: a page can be judged by itself. */
function pageQuery(condition: string): string {
  return `select log.log_id, log.position as top, log.pruned_position, e.*
    from event_log log
    left join lateral (
      select position, name, workspace_id, organization_id, agent_id, conversation_id, user_id, subject_id, snapshot, occurred_at
      from events where ${condition} order by position limit $2) e on true
    order by e.position`;
}

const AFTER = { name: 'events_after', text: pageQuery('position > $1') };

function columnOf(scope: EventScope): [column: string, id: string] {
  if ('conversationId' in scope) return ['conversation_id', scope.conversationId];
  if ('organizationId' in scope) return ['organization_id', scope.organizationId];
  return ['workspace_id', scope.workspaceId];
}

function toPage(rows: readonly LogRow[]): LogPage {
  const [first] = rows;
  if (first === undefined) throw new Error('The event log has no row in event_log: run the migrations.');
  return {
    logId: first.log_id,
    top: Number(first.top),
    prunedPosition: Number(first.pruned_position),
    events: rows.flatMap((row) => (row.position === null ? [] : [toEvent(row, row.position)])),
  };
}

function toEvent(row: LogRow, position: string): LoggedEvent {
  return {
    position: Number(position),
    name: row.name,
    workspaceId: row.workspace_id,
    organizationId: row.organization_id,
    agentId: row.agent_id,
    conversationId: row.conversation_id,
    userId: row.user_id,
    subjectId: row.subject_id,
    snapshot: row.snapshot,
    occurredAt: row.occurred_at,
  };
}
