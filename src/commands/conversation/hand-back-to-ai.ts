import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkOptionalText } from '../../domain/conversation/message-text';
import { type Outcome, refused } from '../../domain/refusal';
import { changeControl } from './change-control';
import { finish, type HandoffOutcome, lockFor } from './handoff-outcome';

/** "Pass chat to AI", by its operator or by another who may take over. What the visitor wrote last becomes the AI's turn. */
export async function handBackToAi(
  database: Database,
  principal: Principal,
  input: { conversationId: string; brief: string | null },
): Promise<Outcome<HandoffOutcome>> {
  const invalid = checkOptionalText(input.brief, 2000, 'brief');
  if (invalid.length > 0) return refused(invalid);
  const brief = input.brief?.trim() === '' ? null : input.brief;
  return transact(database, principal, async (transaction) => {
    const locked = await lockFor(transaction, principal, input.conversationId, ['operate'], 'conversationId');
    if (!locked.ok) return locked.outcome;
    return finish(locked.conversation, await changeControl(locked.conversation, 'handBackToAi', principal, { brief }));
  });
}
