import type { EntityManager } from 'typeorm';
import { storable } from '../database/storable';
import type { Principal } from '../domain/actor';
import type { Controller, ConversationStatus, HandoffState } from '../domain/conversation/states';
import { Conversation } from '../entities/conversation';
import { Conditions } from './conditions';
import { type KeyColumn, type KeysetQuery, type Page, type PageRequest, readPage } from './keyset';

export interface ConversationFilter {
  readonly statuses?: readonly ConversationStatus[] | null;
  readonly controllers?: readonly Controller[] | null;
  readonly handoffStates?: readonly HandoffState[] | null;
  readonly agentIds?: readonly string[] | null;
  readonly operatorIds?: readonly string[] | null;
  readonly unassigned?: boolean | null;
  readonly search?: string | null;
}

export type ConversationOrderField = 'URGENCY' | 'LAST_MESSAGE_AT' | 'CREATED_AT';

export interface ConversationOrder {
  readonly field: ConversationOrderField;
  readonly direction: 'ASC' | 'DESC';
}

/** Whose conversations: the caller has authorized the owner; agents that a member is limited to are applied here. */
export type ConversationOwner =
  { readonly organizationId: string } | { readonly workspaceId: string } | { readonly visitorId: string };

/** The count of a list stops here: counting on would cost more than anybody reads. */
const COUNT_LIMIT = 1000;

export async function listConversations(
  manager: EntityManager,
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
  order: ConversationOrder | null,
  page: PageRequest,
): Promise<Page<Conversation>> {
  const query = conversationQuery(principal, owner, filter, order ?? { field: 'URGENCY', direction: 'DESC' });
  return readPage(manager, query, page);
}

/** How many the filter finds, up to 1000. */
export async function countConversations(
  manager: EntityManager,
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
): Promise<number> {
  const query = conversationQuery(principal, owner, filter, { field: 'CREATED_AT', direction: 'DESC' });
  const [row] = await manager.query<{ n: number }[]>(
    `select count(*)::int as n from (select from ${query.from} where ${query.where} limit ${COUNT_LIMIT}) counted`,
    [...query.parameters],
  );
  return row?.n ?? 0;
}

function conversationQuery(
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
  order: ConversationOrder,
): KeysetQuery<Conversation> {
  const conditions = new Conditions();
  conditions.add((p) => `t.workspace_id = ${p}`, principal.workspaceId);
  if ('organizationId' in owner) conditions.add((p) => `t.organization_id = ${p}`, owner.organizationId);
  if ('visitorId' in owner) conditions.add((p) => `t.visitor_id = ${p}`, owner.visitorId);
  if (principal.kind === 'USER' && principal.agentIds !== null) {
    conditions.add((p) => `t.agent_id = any (${p}::uuid[])`, principal.agentIds);
  }
  if (principal.kind === 'API_KEY' && principal.agentId !== null) {
    conditions.add((p) => `t.agent_id = ${p}`, principal.agentId);
  }
  if (filter !== null) applyFilter(conditions, filter);
  const reader = conditions.parameter(readerOf(principal));
  return {
    entity: Conversation,
    from: `conversations t left join conversation_reads r on r.conversation_id = t.id and r.reader_id = ${reader}`,
    where: conditions.sql,
    parameters: conditions.parameters,
    order: keysOf(order),
  };
}

function applyFilter(conditions: Conditions, filter: ConversationFilter): void {
  const { statuses, controllers, handoffStates, agentIds, operatorIds, unassigned, search } = filter;
  if (statuses != null) conditions.add((p) => `t.status = any (${p}::text[])`, statuses);
  if (controllers != null) conditions.add((p) => `t.controller = any (${p}::text[])`, controllers);
  if (handoffStates != null) conditions.add((p) => `t.handoff_state = any (${p}::text[])`, handoffStates);
  if (agentIds != null) conditions.add((p) => `t.agent_id = any (${p}::uuid[])`, agentIds);
  if (operatorIds != null) conditions.add((p) => `t.operator_id = any (${p}::uuid[])`, operatorIds);
  if (unassigned != null) conditions.addPlain(unassigned ? 't.operator_id is null' : 't.operator_id is not null');
  const words = storable(search?.trim() ?? '');
  if (words !== '') conditions.add(matchesSearch, `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
}

function matchesSearch(pattern: string): string {
  return `(exists (select from visitors v where v.id = t.visitor_id and (v.display_name ilike ${pattern} or v.email ilike ${pattern}))
    or exists (select from messages m where m.conversation_id = t.id and m.text ilike ${pattern}))`;
}

/** 0 waits for a person, 1 has something that the reader has not read, 2 is the rest. */
const URGENCY_RANK = `(case when t.waiting_since is not null then 0
  when t.last_sequence > coalesce(r.sequence, 0) then 1 else 2 end)`;

/** Within the waiting ones the longest wait leads, so time runs the other way there: see `keysOf`. */
const WAITING_SINCE = `coalesce(t.waiting_since, 'epoch'::timestamptz)`;

function keysOf(order: ConversationOrder): KeyColumn[] {
  const descending = order.direction === 'DESC';
  const id: KeyColumn = { sql: 't.id', type: 'uuid', descending };
  switch (order.field) {
    case 'CREATED_AT':
      return [id];
    case 'LAST_MESSAGE_AT':
      return [{ sql: 't.last_message_at', type: 'timestamptz', descending }, id];
    case 'URGENCY':
      // DESC is "most urgent first": a low rank and an early `waiting_since` are urgent.
      return [
        { sql: URGENCY_RANK, type: 'integer', descending: !descending },
        { sql: WAITING_SINCE, type: 'timestamptz', descending: !descending },
        { sql: 't.last_message_at', type: 'timestamptz', descending },
        id,
      ];
  }
}

function readerOf(principal: Principal): string {
  if (principal.kind === 'USER') return principal.userId;
  return principal.kind === 'VISITOR' ? principal.visitorId : principal.keyId;
}
