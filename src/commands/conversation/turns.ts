import { In, Not } from 'typeorm';
import { newId } from '../../database/ids';
import type { TurnState } from '../../domain/conversation/states';
import { Handoff } from '../../entities/handoff';
import { Message } from '../../entities/message';
import { Turn } from '../../entities/turn';
import type { LockedConversation } from './locked-conversation';

/**
 * How long an open turn may stay unanswered: two attempts of a model of 60 s each and the wait between them. After that
 * the worker has died too often, or the webhook never came back.
 */
const TURN_SECONDS = 180;

/** Gives the AI the message to answer. An open turn is superseded: one open turn a conversation. */
export async function openTurn(conversation: LockedConversation, message: Pick<Message, 'id'>): Promise<Turn | null> {
  await endOpenTurn(conversation, 'SUPERSEDED', null);
  if (conversation.agent.responderKind === 'NONE') return null;
  const { transaction, row, now } = conversation;
  const turn = await transaction.rows(Turn, row.workspaceId).insert({
    id: newId(),
    conversationId: row.id,
    agentId: row.agentId,
    controlEpoch: row.controlEpoch,
    messageId: message.id,
    brief: await pendingBrief(conversation),
    state: 'OPEN',
    detail: null,
    createdAt: now,
    answerBy: new Date(now.getTime() + TURN_SECONDS * 1000),
    endedAt: null,
  });
  conversation.tell('TURN_OPENED', turn.id, turn);
  return turn;
}

/** Ends the open turn, if there is one, and returns it as it was. */
export async function endOpenTurn(
  conversation: LockedConversation,
  state: Exclude<TurnState, 'OPEN'>,
  detail: string | null,
): Promise<Turn | null> {
  const { transaction, row, now } = conversation;
  const turns = transaction.rows(Turn, row.workspaceId);
  const turn = await turns.find({ conversationId: row.id, state: 'OPEN' });
  if (turn !== null) await turns.update({ id: turn.id }, { state, detail, endedAt: now });
  return turn;
}

/** The text that nobody has answered yet: the newest one, if the visitor wrote it. What the system wrote is no answer. */
export async function unansweredMessage(
  conversation: LockedConversation,
  afterSequence: number,
): Promise<Message | null> {
  const { transaction, row } = conversation;
  const newest = await transaction.manager.findOne(Message, {
    where: { conversationId: row.id, workspaceId: row.workspaceId, kind: 'TEXT', authorKind: Not('SYSTEM') },
    order: { sequence: 'DESC' },
  });
  return newest !== null && newest.authorKind === 'VISITOR' && newest.sequence > afterSequence ? newest : null;
}

/**
 * What the operator left for the AI at the last hand-back, until a turn since then has been answered. A request that
 * came to nothing in between does not take it away.
 */
async function pendingBrief(conversation: LockedConversation): Promise<string | null> {
  const { transaction, row } = conversation;
  if (row.handoffId === null) return null;
  const [last] = await transaction
    .rows(Handoff, row.workspaceId)
    .list({ conversationId: row.id, state: In(['RETURNED', 'RESOLVED']) }, { id: 'DESC' });
  if (last?.brief == null) return null;
  const [answered] = await transaction.manager.query<unknown[]>(
    `select 1 from turns where conversation_id = $1 and state = 'ANSWERED' and created_at >= $2 limit 1`,
    [row.id, last.endedAt],
  );
  return answered === undefined ? last.brief : null;
}
