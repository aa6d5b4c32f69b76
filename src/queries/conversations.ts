import type { EntityManager } from 'typeorm';
import { type Principal, readerIdOf } from '../domain/actor';
import { Conversation } from '../entities/conversation';
import { Conditions } from './conditions';
import { agentsOf, applyFilter, type ConversationFilter, STATUSES, statusesOf } from './conversation-filter';
import { addSearch } from './conversation-search';
import type { KeyColumn } from './cursors';
import { type KeysetQuery, type Page, type PageRequest, readPage } from './keyset';
import { type RowReading, WHOLE_ROWS } from './read-columns';
import { type Rank, readRankedPage } from './ranked-page';

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

const MOST_URGENT_FIRST: ConversationOrder = { field: 'URGENCY', direction: 'DESC' };

/** Throws PageRequestError. */
export async function listConversations(
  manager: EntityManager,
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
  order: ConversationOrder | null,
  page: PageRequest,
  reading: RowReading = WHOLE_ROWS,
): Promise<Page<Conversation>> {
  const { field, direction } = order ?? MOST_URGENT_FIRST;
  const descending = direction === 'DESC';
  const selection = await select(manager, principal, owner, filter);
  if (field === 'URGENCY') return readByUrgency(manager, selection, principal, descending, page, reading);
  const byId: KeyColumn = { sql: 't.id', type: 'uuid', descending };
  const byTime: KeyColumn = { sql: 't.last_message_at', type: 'timestamptz', descending };
  const query =
    field === 'CREATED_AT' ? { order: [byId], ...plain(selection) } : { order: [byTime, byId], ...inLanes(selection) };
  const { keepsPlan, conditions } = selection;
  const { parameters } = conditions;
  return readPage(manager, { entity: Conversation, parameters, keepsPlan, ...query }, page, reading);
}

/** How many the filter finds, up to 1000. */
export async function countConversations(
  manager: EntityManager,
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
): Promise<number> {
  const selection = await select(manager, principal, owner, filter);
  const { from, where } = plain(selection);
  const [row] = await manager.query<{ n: number }[]>(
    `select count(*)::int as n from (select from ${from} where ${where} limit ${COUNT_LIMIT}) counted`,
    selection.conditions.parameters,
  );
  return row?.n ?? 0;
}

interface Selection {
  /** Everything but status and agent. */
  readonly conditions: Conditions;
  readonly handoffStates: readonly string[] | null;
  readonly statuses: readonly string[];
  /** Null: whichever. */
  readonly agentIds: readonly string[] | null;
  /** Not where something is searched for. */
  readonly keepsPlan: boolean;
}

async function select(
  manager: EntityManager,
  principal: Principal,
  owner: ConversationOwner,
  filter: ConversationFilter | null,
): Promise<Selection> {
  const conditions = new Conditions();
  conditions.add((p) => `t.workspace_id = ${p}`, principal.workspaceId);
  if ('organizationId' in owner) conditions.add((p) => `t.organization_id = ${p}`, owner.organizationId);
  if ('visitorId' in owner) conditions.add((p) => `t.visitor_id = ${p}`, owner.visitorId);
  if (filter !== null) {
    applyFilter(conditions, filter);
    await addSearch(manager, conditions, filter.search ?? '');
  }
  return {
    conditions,
    handoffStates: filter?.handoffStates ?? null,
    statuses: statusesOf(filter),
    agentIds: agentsOf(principal, filter),
    keepsPlan: (filter?.search ?? '') === '',
  };
}

type Source = Pick<KeysetQuery<Conversation>, 'from' | 'where' | 'lanes'>;

/** For an index that has all statuses and agents in the order of the list, or for few rows. */
function plain({ conditions, statuses, agentIds }: Selection): Source {
  const parts = [conditions.sql, ...ofStatuses(statuses)];
  if (agentIds !== null) parts.push(`t.agent_id = any (${conditions.parameter(agentIds)}::uuid[])`);
  return { from: 'conversations t', where: parts.map((part) => `(${part})`).join(' and ') };
}

/** In the text, where a partial index is recognised by it. */
function ofStatuses(statuses: readonly string[]): string[] {
  const known = STATUSES.filter((status) => statuses.includes(status));
  if (known.length === STATUSES.length) return [];
  return [known.length === 0 ? 'false' : known.map((status) => `t.status = '${status}'`).join(' or ')];
}

/** For indexes that have each status, each state of a handoff, and each agent with each status in the order of the list. */
function inLanes({ conditions, statuses, handoffStates, agentIds }: Selection): Source {
  const parts = [conditions.sql];
  const lanes: string[] = [];
  const lane = (column: string, type: 'text' | 'uuid', values: readonly string[]): void => {
    lanes.push(`unnest(${conditions.parameter([...new Set(values)])}::${type}[]) lane_${column} (value)`);
    parts.push(`t.${column} = lane_${column}.value`);
  };
  if (agentIds !== null) lane('agent_id', 'uuid', agentIds);
  if (agentIds !== null || handoffStates === null) lane('status', 'text', statuses);
  else {
    lane('handoff_state', 'text', handoffStates);
    parts.push(...ofStatuses(statuses));
  }
  return {
    from: 'conversations t',
    where: parts.map((part) => `(${part})`).join(' and '),
    lanes: lanes.join(' cross join '),
  };
}

/** Those who wait, the longest wait first; what has something that the reader has not read; the rest. DESC is "most urgent first". */
async function readByUrgency(
  manager: EntityManager,
  selection: Selection,
  principal: Principal,
  descending: boolean,
  page: PageRequest,
  reading: RowReading,
): Promise<Page<Conversation>> {
  const { conditions, keepsPlan } = selection;
  const reader = conditions.parameter(readerIdOf(principal));
  // Asked row by row along the index: as a join, PostgreSQL might read all that this reader has ever read first.
  const readUpTo = `coalesce((select r.sequence from conversation_reads r where r.conversation_id = t.id and r.reader_id = ${reader}), 0)`;
  const keys = (waitingSince: string, isFixed: boolean, rank: number): KeyColumn[] => [
    { sql: `${rank}::integer`, type: 'integer', descending: !descending, isFixed: true },
    // Within the waiting ones the longest wait leads, so time runs the other way there.
    { sql: waitingSince, type: 'timestamptz', descending: !descending, isFixed },
    { sql: 't.last_message_at', type: 'timestamptz', descending },
    { sql: 't.id', type: 'uuid', descending },
  ];
  const waiting = plain(selection);
  const others = inLanes(selection);
  const ofOthers = (rank: number, condition: string): Rank => ({
    ...others,
    rank,
    where: `${others.where} and t.waiting_since is null and ${condition}`,
    order: keys(`'epoch'::timestamptz`, true, rank),
  });
  const ranks: Rank[] = [
    {
      ...waiting,
      rank: 0,
      where: `${waiting.where} and t.waiting_since is not null`,
      order: keys('t.waiting_since', false, 0),
    },
    ofOthers(1, `t.last_sequence > ${readUpTo}`),
    ofOthers(2, `t.last_sequence <= ${readUpTo}`),
  ];
  const order = keys('', false, 0).map((key) => ({ ...key, isFixed: false }));
  const query = { entity: Conversation, order, parameters: conditions.parameters, keepsPlan };
  return readRankedPage(manager, query, descending ? ranks : ranks.reverse(), page, reading);
}
