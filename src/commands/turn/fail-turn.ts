import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SYSTEM } from '../../domain/audit';
import { askForPerson } from '../conversation/request-handoff';
import { endOpenTurn } from '../conversation/turns';
import { lockOpenTurn, type TurnRef } from './lock-turn';

const APOLOGY = 'Sorry, I could not answer that just now. Please try again in a moment.';

/**
 * Ends a turn that nobody could answer. The visitor is told by a system message, and where the AI may ask and somebody
 * is there, a person is asked for. `detail` is for operators of the server: it is stored and never shown to a visitor.
 *
 * @returns whether this call ended the turn
 */
export async function failTurn(database: Database, ref: TurnRef, detail: string): Promise<boolean> {
  return transact(database, ref, async (transaction) => {
    const locked = await lockOpenTurn(transaction, ref);
    if (locked === null) return false;
    const { conversation, turn } = locked;
    await endOpenTurn(conversation, 'FAILED', detail.slice(0, 1000));
    await conversation.write({
      kind: 'TEXT',
      authorKind: 'SYSTEM',
      authorUserId: null,
      text: APOLOGY,
      clientNonce: null,
      handoffId: null,
    });
    // Refused when nobody is there or the agent may not ask: then the message alone has to do.
    const reason = 'The AI could not answer.';
    await askForPerson(conversation, SYSTEM, 'AI', { reason, summary: null, controlEpoch: turn.controlEpoch });
    await conversation.save();
    return true;
  });
}
