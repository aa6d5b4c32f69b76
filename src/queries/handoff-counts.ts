import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import { IS_CONNECTED } from '../database/operators';
import type { Read } from '../database/scope';

/** Handoffs that are open now, of one agent. */
interface AgentCounts {
  readonly agentId: string;
  readonly waiting: number;
  readonly inProgress: number;
}

/** Of one organization at one moment. */
export interface OpenHandoffs {
  readonly organizationId: string;
  readonly agents: readonly AgentCounts[];
  readonly operatorsOnline: number;
}

/** What somebody is shown of it. */
export interface HandoffTotals {
  readonly waiting: number;
  readonly inProgress: number;
  readonly operatorsOnline: number;
}

/** One statement for all of the organizations, in any order. What is open is few rows, however many there have been. */
export async function readOpenHandoffs(
  manager: EntityManager,
  workspaceId: string | null,
  organizationIds: readonly string[],
): Promise<OpenHandoffs[]> {
  return manager.query<OpenHandoffs[]>(OPEN, [workspaceId, organizationIds]);
}

// Operators as the offer counts them: staff may answer for every organization.
const OPEN = `
select o.id as "organizationId",
  (select coalesce(json_agg(c), '[]') from (
    select h.agent_id as "agentId", count(*) filter (where h.state = 'REQUESTED') as waiting,
      count(*) filter (where h.state = 'ACCEPTED') as "inProgress"
    from handoffs h where h.organization_id = o.id and h.state in ('REQUESTED', 'ACCEPTED') group by h.agent_id) c) as agents,
  (select count(*)::int from users u
    where u.workspace_id = $1 and u.disabled_at is null and u.available and ${IS_CONNECTED}
      and (u.workspace_role is not null
        or (u.organization_id = o.id and 'HANDLE_CONVERSATIONS' = any (u.permissions)))) as "operatorsOnline"
from unnest($2::uuid[]) o(id)`;

/** `agentIds` null: of all agents. */
export function totalsFor(
  { agents, operatorsOnline }: OpenHandoffs,
  agentIds: readonly string[] | null,
): HandoffTotals {
  const own = agents.filter(({ agentId }) => agentIds === null || agentIds.includes(agentId));
  const sum = (count: 'waiting' | 'inProgress'): number => own.reduce((total, agent) => total + agent[count], 0);
  return { waiting: sum('waiting'), inProgress: sum('inProgress'), operatorsOnline };
}

/** By organization. */
export function openHandoffsLoader(
  read: Read,
  workspaceId: string | null,
  cache: boolean,
): DataLoader<string, OpenHandoffs> {
  return new DataLoader<string, OpenHandoffs>(
    async (ids) => {
      const rows = await read((manager) => readOpenHandoffs(manager, workspaceId, ids));
      const found = new Map(rows.map((row) => [row.organizationId, row]));
      return ids.map((id) => found.get(id) ?? new Error(`Organization ${id} was not counted.`));
    },
    { cache },
  );
}
