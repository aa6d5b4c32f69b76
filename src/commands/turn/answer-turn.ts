import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { writeReply } from '../conversation/post-agent-reply';
import { lockOpenTurn, type TurnRef } from './lock-turn';

/**
 * Writes the reply that a worker made for a turn. A turn that has ended (answered already, superseded by a newer message,
 * fenced by a person) takes nothing: the text is dropped, nothing is visible and nothing is notified.
 *
 * @returns whether the reply entered the conversation
 */
export async function answerTurn(database: Database, ref: TurnRef, text: string): Promise<boolean> {
  return transact(database, ref, async (transaction) => {
    const locked = await lockOpenTurn(transaction, ref);
    if (locked === null) return false;
    // PostgreSQL cannot store NUL, and a lone surrogate has no UTF-8: a model that emits them has still answered.
    const clean = text.toWellFormed().replaceAll('\0', '');
    const reply = { clientNonce: `turn:${ref.id}`, controlEpoch: locked.turn.controlEpoch, text: clean };
    const outcome = await writeReply(locked.conversation, reply);
    return outcome.refusals.length === 0;
  });
}
