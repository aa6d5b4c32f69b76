import type { Read } from '../database/scope';
import { storable } from '../database/storable';
import type { Principal } from '../domain/actor';
import type { InquiryState } from '../domain/conversation/states';
import { Inquiry } from '../entities/inquiry';
import { Conditions } from './conditions';
import { agentsOf } from './conversation-filter';
import type { KeyColumn } from './cursors';
import { type KeysetQuery, readPage } from './keyset';
import type { CountedList } from './lists';

export interface InquiryFilter {
  readonly states?: readonly InquiryState[] | null;
  readonly agentIds?: readonly string[] | null;
  readonly assigneeIds?: readonly string[] | null;
  readonly unassigned?: boolean | null;
  /** How the address begins. */
  readonly search?: string | null;
}

export interface InquiryOrder {
  readonly field: 'LAST_MESSAGE_AT' | 'CREATED_AT';
  readonly direction: 'ASC' | 'DESC';
}

const STATES: readonly InquiryState[] = ['OPEN', 'ANSWERED', 'CLOSED'];
const COUNT_LIMIT = 1000;
/** No text that begins like the address sorts behind this sign. */
const LAST_SIGN = '\u{10FFFF}';

/** The inquiries of an organization, the newest first unless asked otherwise; counted up to 1000. */
export function listInquiries(
  read: Read,
  principal: Principal,
  owner: { readonly organizationId: string },
  filter: InquiryFilter | null,
  order: InquiryOrder | null = null,
): CountedList<Inquiry> {
  const source = sourceOf(principal, owner, filter ?? {});
  const keys = keysOf(order ?? { field: 'CREATED_AT', direction: 'DESC' });
  const query = { entity: Inquiry, ...source, order: keys };
  return {
    page: (request) => read((manager) => readPage(manager, query, request)),
    count: () =>
      read(async (manager) => {
        const from = source.lanes === undefined ? source.from : `${source.lanes} cross join ${source.from}`;
        const [row] = await manager.query<{ n: number }[]>(
          `select count(*)::int as n from (select from ${from} where ${source.where} limit ${COUNT_LIMIT}) counted`,
          [...source.parameters],
        );
        return row?.n ?? 0;
      }),
  };
}

/** Ids are UUIDv7: by id is by the time at which it was left. */
function keysOf({ field, direction }: InquiryOrder): KeyColumn[] {
  const descending = direction === 'DESC';
  const byId: KeyColumn = { sql: 't.id', type: 'uuid', descending };
  if (field === 'CREATED_AT') return [byId];
  return [{ sql: 't.last_message_at', type: 'timestamptz', descending }, byId];
}

type Source = Pick<KeysetQuery<Inquiry>, 'from' | 'where' | 'lanes' | 'parameters'>;

/**
 * The indexes have each state in order within an organization, an agent or an assignee: a lane for each. What begins with
 * a text is few, or found soon along the order: the planner may choose.
 */
function sourceOf(principal: Principal, owner: { organizationId: string }, filter: InquiryFilter): Source {
  const conditions = new Conditions();
  const lanes: string[] = [];
  const among = (column: string, type: 'text' | 'uuid', values: readonly string[], asLanes: boolean): void => {
    const list = conditions.parameter([...new Set(values)]);
    if (asLanes) lanes.push(`unnest(${list}::${type}[]) lane_${column} (value)`);
    conditions.addPlain(asLanes ? `t.${column} = lane_${column}.value` : `t.${column} = any (${list}::${type}[])`);
  };
  conditions.add((p) => `t.organization_id = ${p}`, owner.organizationId);
  const { assigneeIds, unassigned } = filter;
  const agentIds = agentsOf(principal, { agentIds: filter.agentIds ?? null });
  const search = storable(filter.search?.trim() ?? '').toLowerCase();
  if (assigneeIds != null) among('assignee_id', 'uuid', assigneeIds, search === '');
  if (agentIds !== null) among('agent_id', 'uuid', agentIds, search === '' && assigneeIds == null);
  among('state', 'text', filter.states ?? STATES, search === '');
  if (unassigned != null) conditions.addPlain(unassigned ? 't.assignee_id is null' : 't.assignee_id is not null');
  if (search !== '') {
    conditions.add((p) => `t.email_key >= ${p}`, search);
    conditions.add((p) => `t.email_key < ${p}`, search + LAST_SIGN);
  }
  const source = { from: 'inquiries t', where: conditions.sql, parameters: conditions.parameters };
  return lanes.length === 0 ? source : { ...source, lanes: lanes.join(' cross join ') };
}
