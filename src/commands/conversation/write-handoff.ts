import { newId } from '../../database/ids';
import type { Transition } from '../../domain/conversation/transitions';
import { Handoff } from '../../entities/handoff';
import type { ControlChange } from './control-change';
import { endLadder, layLadder, writeLadder } from './ladder';
import type { LockedConversation } from './locked-conversation';

/** Writes the handoff as the transition leaves it, the open one or a new one; null: it touches none. */
export async function writeHandoff(
  conversation: LockedConversation,
  transition: Transition,
  open: Handoff | null,
  change: ControlChange,
): Promise<Handoff | null> {
  const { handoffState } = transition;
  if (handoffState === null) return null;
  const { transaction, row, now } = conversation;
  const handoff = open ?? bornHandoff(conversation, change);
  handoff.state = handoffState;
  const asked = handoffState === 'REQUESTED';
  if (asked) letWait(conversation, handoff);
  else if (handoffState === 'ACCEPTED') Object.assign(handoff, { acceptedAt: now, acceptedById: row.operatorId });
  else Object.assign(handoff, { endedAt: now, brief: change.brief });
  if (change.transferredBy !== null) handoff.transferredById = change.transferredBy.byId;
  row.handoffId = handoff.id;
  const ladder = asked ? await layLadder(conversation, handoff) : [];
  if (row.waitingSince !== null) await endLadder(conversation, handoff);
  row.waitingSince = asked ? now : null;
  const handoffs = transaction.rows(Handoff, row.workspaceId);
  if (open === null) {
    await handoffs.insert(handoff);
  } else {
    handoff.version += 1;
    const { id, workspaceId: _workspaceId, ...columns } = handoff;
    await handoffs.update({ id }, columns);
  }
  await writeLadder(conversation, ladder);
  return handoff;
}

/** For whoever accepts it, until a deadline of its own. */
function letWait({ agent, now }: LockedConversation, handoff: Handoff): void {
  const answerBy = new Date(now.getTime() + agent.requestTimeoutSeconds * 1000);
  Object.assign(handoff, { answerBy, acceptedAt: null, acceptedById: null });
}

function bornHandoff(conversation: LockedConversation, change: ControlChange): Handoff {
  const { row, now } = conversation;
  return Object.assign(new Handoff(), {
    id: newId(),
    workspaceId: row.workspaceId,
    organizationId: row.organizationId,
    conversationId: row.id,
    agentId: row.agentId,
    origin: change.origin,
    reason: change.reason,
    summary: change.summary,
    requestedAt: now,
    requestedSequence: row.lastSequence,
    answerBy: null,
    rung: null,
    nextRungAt: null,
    acceptedAt: null,
    acceptedById: null,
    transferredById: null,
    endedAt: null,
    brief: null,
    version: 1,
  });
}
