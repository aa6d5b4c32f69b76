import type { EntityManager } from 'typeorm';

/** Whose operators: an agent within the organization that a conversation belongs to (null: staff alone). */
export interface OperatorScope {
  readonly workspaceId: string;
  readonly organizationId: string | null;
  readonly agentId: string;
}

/**
 * Condition for `users u`: an enabled person who may handle the agent. Parameters: $1 workspace, $2 organization, $3 agent.
 * The same rule as `domain/policies/conversation-policy.ts`, "operate", told to the database.
 */
export const IS_OPERATOR = `
  u.workspace_id = $1 and u.disabled_at is null
  and (u.workspace_role is not null
    or (u.organization_id = $2 and 'HANDLE_CONVERSATIONS' = any (u.permissions)
      and (not u.limited_to_agents
        or exists (select from user_agents ua where ua.user_id = u.id and ua.agent_id = $3))))`;

/** Whether that person is one, at this moment. */
export async function isOperator(manager: EntityManager, scope: OperatorScope, userId: string): Promise<boolean> {
  const { workspaceId, organizationId, agentId } = scope;
  const rows = await manager.query<unknown[]>(`select 1 from users u where u.id = $4 and ${IS_OPERATOR}`, [
    workspaceId,
    organizationId,
    agentId,
    userId,
  ]);
  return rows.length > 0;
}

/** Condition for `users u`: an open dashboard connection, or one lost less than 30 s ago. */
export const IS_CONNECTED = 'exists (select from presences p where p.actor_id = u.id and p.until > now())';

/** Somebody by id, where a conversation could go: of the staff, or of the conversation's organization. */
export interface Colleague {
  readonly displayName: string;
  /** Enabled, and one who may handle the agent. */
  readonly isOperator: boolean;
  readonly isOnline: boolean;
}

/** Null: there is no such person, or one of another organization. */
export async function findColleague(
  manager: EntityManager,
  scope: OperatorScope,
  userId: string,
): Promise<Colleague | null> {
  const [row] = await manager.query<Colleague[]>(
    `select u.display_name as "displayName", coalesce(${IS_OPERATOR}, false) as "isOperator",
       (u.available and ${IS_CONNECTED}) as "isOnline"
     from users u where u.id = $4 and u.workspace_id = $1 and (u.workspace_role is not null or u.organization_id = $2)`,
    [scope.workspaceId, scope.organizationId, scope.agentId, userId],
  );
  return row ?? null;
}

/** Which of these people may handle the agent. */
export async function operatorsAmong(
  manager: EntityManager,
  scope: OperatorScope,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await manager.query<{ id: string }[]>(
    `select u.id from users u where u.id = any ($4::uuid[]) and ${IS_OPERATOR}`,
    [scope.workspaceId, scope.organizationId, scope.agentId, userIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** How many people could answer, and how many of them are online now. */
export async function countOperators(
  manager: EntityManager,
  scope: OperatorScope,
): Promise<{ total: number; online: number }> {
  const [row] = await manager.query<{ total: number; online: number }[]>(
    `select count(*)::int as total, (count(*) filter (where u.available and ${IS_CONNECTED}))::int as online
     from users u where ${IS_OPERATOR}`,
    [scope.workspaceId, scope.organizationId, scope.agentId],
  );
  return row ?? { total: 0, online: 0 };
}
