import { newId } from '../../database/ids';
import { countOperators } from '../../database/operators';
import { layRungs, nextRungAt } from '../../domain/conversation/escalation';
import { type ResolvedHandoff, resolveHandoff } from '../../domain/settings-layers';
import type { Handoff } from '../../entities/handoff';
import { HandoffRung } from '../../entities/handoff-rung';
import { Organization } from '../../entities/organization';
import type { LockedConversation } from './locked-conversation';

/** Lays the ladder of a request that is just being made, or goes to the team again. Write it once the handoff has its row. */
export async function layLadder(conversation: LockedConversation, handoff: Handoff): Promise<HandoffRung[]> {
  const { row, transaction, now } = conversation;
  const escalation = (await handoffSettingsOf(conversation)).escalation.value;
  const asksWhoIsOnline = (escalation?.onlineSeconds ?? 0) > 0;
  const { online } = asksWhoIsOnline ? await countOperators(transaction.manager, row) : { online: 0 };
  const laid = layRungs(escalation, { requestedAt: now, answerBy: handoff.answerBy ?? now, online });
  handoff.rung = laid.findLast(({ state }) => state === 'REACHED')?.rung ?? null;
  handoff.nextRungAt = nextRungAt(laid);
  return laid.map((rung) => ({
    ...rung,
    id: newId(),
    workspaceId: row.workspaceId,
    organizationId: row.organizationId,
    conversationId: row.id,
    handoffId: handoff.id,
    reachedAt: rung.state === 'REACHED' ? now : null,
  }));
}

/** A request that waits a second time climbs anew: its rungs are those of the newest wait. */
export async function writeLadder(
  { transaction, row }: LockedConversation,
  ladder: readonly HandoffRung[],
): Promise<void> {
  const rungs = transaction.rows(HandoffRung, row.workspaceId);
  for (const laid of ladder) {
    const { handoffId, rung, state, dueAt, reachedAt, detail } = laid;
    const before = await rungs.find({ handoffId, rung });
    if (before === null) await rungs.insert(laid);
    else await rungs.update({ id: before.id }, { state, dueAt, reachedAt, detail });
  }
}

/** What has not been reached when a request ends never is; nobody in time is the last rung. */
export async function endLadder(conversation: LockedConversation, handoff: Handoff): Promise<void> {
  const { transaction, row, now } = conversation;
  const rungs = transaction.rows(HandoffRung, row.workspaceId);
  const waiting = { handoffId: handoff.id, state: 'WAITING' } as const;
  if (handoff.state === 'UNANSWERED') {
    handoff.rung = 'UNANSWERED';
    await rungs.update({ ...waiting, rung: 'UNANSWERED' }, { state: 'REACHED', reachedAt: now });
  }
  handoff.nextRungAt = null;
  await rungs.update(waiting, { state: 'SKIPPED', detail: 'ENDED' });
}

/** What counts in a conversation: the agent's own settings, over those of the organization that it began in. */
export async function handoffSettingsOf(conversation: LockedConversation): Promise<ResolvedHandoff> {
  return resolveHandoff(conversation.agent, await organizationOf(conversation));
}

/** The organization that a conversation began in. Null: it is staff's own. */
export async function organizationOf({ transaction, row }: LockedConversation): Promise<Organization | null> {
  if (row.organizationId === null) return null;
  return transaction.rows(Organization, row.workspaceId).find({ id: row.organizationId });
}
