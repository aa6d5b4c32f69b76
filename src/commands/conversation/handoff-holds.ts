import { IsNull } from 'typeorm';
import { newId } from '../../database/ids';
import type { HandoffState, HoldEnding, HoldOrigin } from '../../domain/conversation/states';
import type { Phase } from '../../domain/conversation/transitions';
import type { Handoff } from '../../entities/handoff';
import { HandoffHold } from '../../entities/handoff-hold';
import type { LockedConversation } from './locked-conversation';

const ORIGINS: Record<Phase, HoldOrigin> = {
  IDLE: 'TAKEN_OVER',
  REQUESTED: 'ACCEPTED',
  ACCEPTED: 'TRANSFERRED',
  CLOSED: 'TAKEN_OVER',
};

/** By the state that an accepted handoff goes to: the last two are those of a handoff that is passed on. */
const ENDINGS: Partial<Record<HandoffState, HoldEnding>> = {
  RETURNED: 'RETURNED',
  RESOLVED: 'RESOLVED',
  ACCEPTED: 'TRANSFERRED',
  REQUESTED: 'TRANSFERRED',
};

/**
 * Writes who has the handoff from now on, and who no longer, after a change from `phase`. Returns the hold that begins, or
 * else the one that ends; null for neither.
 */
export async function passHold(
  conversation: LockedConversation,
  phase: Phase,
  handoff: Handoff,
): Promise<string | null> {
  const ending = phase === 'ACCEPTED' ? ENDINGS[handoff.state] : undefined;
  const ended = ending === undefined ? null : await endHold(conversation, handoff, ending);
  return handoff.state === 'ACCEPTED' ? beginHold(conversation, handoff, ORIGINS[phase]) : ended;
}

/** From now on the operator in control has the handoff. Returns the id of the hold. */
async function beginHold(
  { transaction, row, now }: LockedConversation,
  handoff: Handoff,
  origin: HoldOrigin,
): Promise<string> {
  if (row.operatorId === null) throw new Error(`Nobody has handoff ${handoff.id}.`);
  const { id } = await transaction.rows(HandoffHold, row.workspaceId).insert({
    id: newId(),
    organizationId: row.organizationId,
    conversationId: row.id,
    handoffId: handoff.id,
    agentId: row.agentId,
    userId: row.operatorId,
    origin,
    beganAt: now,
    endedAt: null,
    ending: null,
  });
  return id;
}

/** Nobody has it any more, or the next one. Null: a process of an older release has accepted it, and wrote no hold. */
async function endHold(
  { transaction, row, now }: LockedConversation,
  handoff: Handoff,
  ending: HoldEnding,
): Promise<string | null> {
  const holds = transaction.rows(HandoffHold, row.workspaceId);
  const open = await holds.find({ handoffId: handoff.id, endedAt: IsNull() });
  if (open !== null) await holds.update({ id: open.id }, { endedAt: now, ending });
  return open?.id ?? null;
}
