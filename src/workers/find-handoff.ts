import type { EntityManager } from 'typeorm';
import { Handoff } from '../entities/handoff';
import { HandoffHold } from '../entities/handoff-hold';

/** By its own id, or by that of the hold with which it went to the team. */
export async function findHandoff(
  manager: EntityManager,
  workspaceId: string,
  subjectId: string,
): Promise<Handoff | null> {
  const hold = await manager.findOneBy(HandoffHold, { id: subjectId, workspaceId });
  return manager.findOneBy(Handoff, { id: hold?.handoffId ?? subjectId, workspaceId });
}
