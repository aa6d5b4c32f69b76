import { Not } from 'typeorm';
import { newId } from '../../database/ids';
import type { TurnState } from '../../domain/conversation/states';
import type { Conversation } from '../../entities/conversation';
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
  const brief = await pendingBrief(conversation);
  const turn = await transaction.rows(Turn, row.workspaceId).insert(newTurn(row, message, brief, now));
  conversation.tell('TURN_OPENED', turn.id, turn);
  return turn;
}

/** An open turn of the AI, to answer the message. */
export function newTurn(row: Conversation, message: Pick<Message, 'id'>, brief: string | null, now: Date): Turn {
  return {
    id: newId(),
    workspaceId: row.workspaceId,
    conversationId: row.id,
    agentId: row.agentId,
    controlEpoch: row.controlEpoch,
    messageId: message.id,
    brief,
    state: 'OPEN',
    detail: null,
    createdAt: now,
    answerBy: new Date(now.getTime() + TURN_SECONDS * 1000),
    endedAt: null,
  };
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

async function pendingBrief({ transaction, row }: LockedConversation): Promise<string | null> {
  if (row.handoffId === null) return null;
  const sql = `select ${PENDING_BRIEF} as brief from conversations c where c.id = $1`;
  const [found] = await transaction.manager.query<{ brief: string | null }[]>(sql, [row.id]);
  return found?.brief ?? null;
}

/**
 * What the operator left for the AI at the last hand-back, until a turn since then has been answered; of the
 * conversation `c`. A request that came to nothing in between does not take it away.
 */
export const PENDING_BRIEF = `(
  select case when exists (
      select from turns t where t.conversation_id = c.id and t.state = 'ANSWERED' and t.created_at >= back.ended_at)
    then null else back.brief end
  from handoffs back where back.conversation_id = c.id and back.state in ('RETURNED', 'RESOLVED')
  order by back.id desc limit 1)`;
