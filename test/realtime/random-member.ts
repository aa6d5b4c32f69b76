import type { DataSource } from 'typeorm';
import type { Permission } from '../../src/domain/actor';
import { Session } from '../../src/entities/session';
import { User } from '../../src/entities/user';
import { UserAgent } from '../../src/entities/user-agent';
import { newToken } from '../../src/identity/tokens';
import type { World } from '../support/world';
import { newSession, newUser } from '../support/world-rows';

/** What one member of a world's organization may do. */
export interface RandomMember {
  readonly permissions: readonly Permission[];
  /** Null: every agent of the organization. */
  readonly limitedTo: readonly ('agent' | 'secondAgent')[] | null;
}

/** Writes the member with a session; `agents` are the ids of those that it is limited to. */
export async function insertMember(
  source: DataSource,
  world: World,
  { permissions, limitedTo }: RandomMember,
): Promise<{ id: string; token: string; agents: readonly string[] | null }> {
  const token = newToken('USER_SESSION');
  const user = newUser(world.workspace.id, `${token.slice(-12).toLowerCase()}@example.com`, 'Cora', {
    organizationId: world.organization.id,
    permissions: [...permissions],
    limitedToAgents: limitedTo !== null,
  });
  const agents = limitedTo?.map((name) => world[name].id) ?? null;
  await source.manager.insert(User, user);
  for (const agentId of agents ?? []) {
    await source.manager.insert(UserAgent, { workspaceId: world.workspace.id, userId: user.id, agentId });
  }
  await source.manager.insert(Session, newSession(user, token));
  return { id: user.id, token, agents };
}
