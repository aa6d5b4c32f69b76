import DataLoader from 'dataloader';
import { IS_CONNECTED, IS_OPERATOR, type OperatorScope } from '../database/operators';
import { preparedIn } from '../database/prepared';
import type { Read, TenantScope } from '../database/scope';

/** The little that an offer needs to know of somebody who could answer. */
export interface OperatorSummary {
  readonly id: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly isOnline: boolean;
}

/** Everybody who may handle an agent. */
export interface Operators {
  /** Those online first, then by name. */
  readonly all: readonly OperatorSummary[];
  readonly online: number;
}

export const NO_OPERATORS: Operators = { all: [], online: 0 };

/** Callers without a credential ask for several tenants. */
export function operatorsLoader(
  readOf: (scope: TenantScope) => Read,
  cache: boolean,
): DataLoader<OperatorScope, Operators, string> {
  return new DataLoader<OperatorScope, Operators, string>(
    async (scopes) => {
      const found = new Map<OperatorScope, Operators>();
      for (const workspaceId of new Set(scopes.map((scope) => scope.workspaceId))) {
        const within = scopes.filter((scope) => scope.workspaceId === workspaceId);
        const rows = await readOf({ workspaceId })(async (manager) => {
          const ask = await preparedIn(manager);
          return ask<OperatorRow>(OPERATORS, columnsOf(within));
        });
        within.forEach((scope, index) => {
          const all = rows.filter((row) => row.n === index + 1);
          found.set(scope, { all, online: all.filter(({ isOnline }) => isOnline).length });
        });
      }
      return scopes.map((scope) => found.get(scope) ?? NO_OPERATORS);
    },
    { cache, cacheKeyFn: (scope) => `${scope.workspaceId}:${scope.organizationId ?? ''}:${scope.agentId}` },
  );
}

interface OperatorRow extends OperatorSummary {
  /** Which of the scopes, from 1. */
  readonly n: number;
}

// One statement for all agents of a page: the parameters of the shared condition become columns of `k`.
const OPERATORS = {
  name: 'operators of agents',
  text: `
select k.n::int, u.id, u.display_name as "displayName", u.avatar_url as "avatarUrl",
  (u.available and ${IS_CONNECTED}) as "isOnline"
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality k(workspace_id, organization_id, agent_id, n)
join users u on ${IS_OPERATOR.replaceAll('$1', 'k.workspace_id').replaceAll('$2', 'k.organization_id').replaceAll('$3', 'k.agent_id')}
order by "isOnline" desc, u.display_name, u.id`,
};

function columnsOf(scopes: readonly OperatorScope[]): (string | null)[][] {
  return [
    scopes.map((scope) => scope.workspaceId),
    scopes.map((scope) => scope.organizationId),
    scopes.map((scope) => scope.agentId),
  ];
}
