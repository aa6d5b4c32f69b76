import type { DataSource } from 'typeorm';
import { createDataSource } from '../../../src/database/data-source';
import type { Database } from '../../../src/database/database';
import type { Permission, UserPrincipal } from '../../../src/domain/actor';
import type { Outcome, Refusal } from '../../../src/domain/refusal';
import { User } from '../../../src/entities/user';
import { UserAgent } from '../../../src/entities/user-agent';
import { createTestDatabase } from '../../support/test-database';
import type { ActingUser } from '../../support/world';

/** A database of its own for a test file, and how to give it back. */
export async function openDatabase(): Promise<Database & { readonly source: DataSource; close(): Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  const source = createDataSource({ url, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
  const close = async (): Promise<void> => {
    await source.destroy();
    await drop();
  };
  return { source, afterCommit: () => undefined, close };
}

/** Gives a member of a world these permissions, for these agents alone, and answers who they are then. */
export async function holding(
  { source }: Database,
  { row, principal }: ActingUser,
  permissions: readonly Permission[],
  agentIds: readonly string[],
): Promise<UserPrincipal> {
  const { id: userId, workspaceId } = row;
  await source.manager.update(User, { id: userId }, { permissions: [...permissions], limitedToAgents: true });
  await source.manager.delete(UserAgent, { userId });
  await source.manager.insert(
    UserAgent,
    agentIds.map((agentId) => ({ workspaceId, userId, agentId })),
  );
  return { ...principal, permissions, agentIds };
}

/** The value of an outcome that must not be a refusal. */
export function accepted<Value>(outcome: Outcome<Value>): Value {
  expect(outcome.refusals).toEqual([]);
  return outcome.value!;
}

/** "CODE path.to.field" of each refusal, for short assertions. */
export function codes(outcome: { readonly refusals: readonly Refusal[] }): string[] {
  return outcome.refusals.map(({ code, path }) => [code, ...(path.length > 0 ? [path.join('.')] : [])].join(' '));
}
