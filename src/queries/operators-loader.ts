import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import { IS_CONNECTED, IS_OPERATOR, type OperatorScope } from '../database/operators';

/** The little that an offer needs to know of somebody who could answer. */
export interface OperatorSummary {
  readonly id: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly isOnline: boolean;
}

/** Everybody who may handle an agent, those online first, then by name. */
export function operatorsLoader(
  manager: EntityManager,
  cache: boolean,
): DataLoader<OperatorScope, readonly OperatorSummary[], string> {
  return new DataLoader<OperatorScope, readonly OperatorSummary[], string>(
    async (scopes) => {
      // One statement for all agents of a page: the parameters of the shared condition become columns of `k`.
      const condition = IS_OPERATOR.replaceAll('$1', 'k.workspace_id')
        .replaceAll('$2', 'k.organization_id')
        .replaceAll('$3', 'k.agent_id');
      const rows = await manager.query<(OperatorSummary & { n: number })[]>(
        `select k.n::int, u.id, u.display_name as "displayName", u.avatar_url as "avatarUrl",
           (u.available and ${IS_CONNECTED}) as "isOnline"
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality k(workspace_id, organization_id, agent_id, n)
         join users u on ${condition}
         order by "isOnline" desc, u.display_name, u.id`,
        [
          scopes.map((scope) => scope.workspaceId),
          scopes.map((scope) => scope.organizationId),
          scopes.map((scope) => scope.agentId),
        ],
      );
      return scopes.map((_, index) => rows.filter((row) => row.n === index + 1));
    },
    { cache, cacheKeyFn: (scope) => `${scope.workspaceId}:${scope.organizationId ?? ''}:${scope.agentId}` },
  );
}
