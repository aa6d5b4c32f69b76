import DataLoader from 'dataloader';
import { IS_CONNECTED, IS_OPERATOR, type OperatorScope } from '../database/operators';
import type { Read, TenantScope } from '../database/scope';

/** The little that an offer needs to know of somebody who could answer. */
export interface OperatorSummary {
  readonly id: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly isOnline: boolean;
}

/** Everybody who may handle an agent, those online first, then by name. Callers without a credential ask for several tenants. */
export function operatorsLoader(
  readOf: (scope: TenantScope) => Read,
  cache: boolean,
): DataLoader<OperatorScope, readonly OperatorSummary[], string> {
  return new DataLoader<OperatorScope, readonly OperatorSummary[], string>(
    async (scopes) => {
      const found = new Map<OperatorScope, readonly OperatorSummary[]>();
      for (const workspaceId of new Set(scopes.map((scope) => scope.workspaceId))) {
        const within = scopes.filter((scope) => scope.workspaceId === workspaceId);
        const rows = await readOf({ workspaceId })((manager) =>
          manager.query<OperatorRow[]>(OPERATORS, columnsOf(within)),
        );
        within.forEach((scope, index) =>
          found.set(
            scope,
            rows.filter((row) => row.n === index + 1),
          ),
        );
      }
      return scopes.map((scope) => found.get(scope) ?? []);
    },
    { cache, cacheKeyFn: (scope) => `${scope.workspaceId}:${scope.organizationId ?? ''}:${scope.agentId}` },
  );
}

interface OperatorRow extends OperatorSummary {
  /** Which of the scopes, from 1. */
  readonly n: number;
}

// One statement for all agents of a page: the parameters of the shared condition become columns of `k`.
const OPERATORS = `
select k.n::int, u.id, u.display_name as "displayName", u.avatar_url as "avatarUrl",
  (u.available and ${IS_CONNECTED}) as "isOnline"
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality k(workspace_id, organization_id, agent_id, n)
join users u on ${IS_OPERATOR.replaceAll('$1', 'k.workspace_id').replaceAll('$2', 'k.organization_id').replaceAll('$3', 'k.agent_id')}
order by "isOnline" desc, u.display_name, u.id`;

function columnsOf(scopes: readonly OperatorScope[]): (string | null)[][] {
  return [
    scopes.map((scope) => scope.workspaceId),
    scopes.map((scope) => scope.organizationId),
    scopes.map((scope) => scope.agentId),
  ];
}
