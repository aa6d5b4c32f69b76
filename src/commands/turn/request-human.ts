import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import { SYSTEM } from '../../domain/audit';
import { askForPerson } from '../conversation/request-handoff';
import { lockOpenTurn, type TurnRef } from './lock-turn';

export type HumanRequestResult = { readonly granted: true } | { readonly granted: false; readonly explanation: string };

/** The AI asks for a person while it runs a turn; granted, that ends the turn. */
export async function requestHuman(
  database: Database,
  ref: TurnRef,
  request: { readonly reason: string | null; readonly summary: string | null },
): Promise<HumanRequestResult> {
  return transact(database, ref, async (transaction) => {
    const locked = await lockOpenTurn(transaction, ref);
    if (locked === null) return { granted: false, explanation: 'This turn is over.' };
    const { conversation, turn } = locked;
    const result = await askForPerson(conversation, SYSTEM, 'AI', {
      ...shorten(request),
      controlEpoch: turn.controlEpoch,
    });
    if (!result.ok) return { granted: false, explanation: result.refusal.message };
    await conversation.save();
    return { granted: true };
  });
}

/** A model is not told of the limits of the fields; what it says too much is cut, not refused. */
function shorten(request: { reason: string | null; summary: string | null }): typeof request {
  const cut = (text: string | null, max: number): string | null =>
    text === null ? null : [...text.toWellFormed().replaceAll('\0', '')].slice(0, max).join('');
  return { reason: cut(request.reason, 500), summary: cut(request.summary, 4000) };
}
