import type { EntityManager } from 'typeorm';
import { Turn } from '../entities/turn';

/** Turns of an agent that wait for an answer, oldest first, in the form in which the log tells of new ones. */
export async function listOpenTurns(
  manager: EntityManager,
  agent: { readonly id: string; readonly workspaceId: string },
): Promise<{ subjectId: string; snapshot: Readonly<Record<string, unknown>> }[]> {
  const turns = await manager.find(Turn, {
    where: { agentId: agent.id, workspaceId: agent.workspaceId, state: 'OPEN' },
    order: { id: 'ASC' },
  });
  return turns.map((turn) => ({ subjectId: turn.id, snapshot: { ...turn } }));
}
