import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { done, type Outcome, refused } from '../../domain/refusal';
import { CannedAnswer } from '../../entities/canned-answer';
import { audit } from '../audit/audit';
import { lockCannedAnswer } from './lock-canned-answers';

/** Deletes a canned answer. Takes MANAGE_ORGANIZATION. What was sent with it stays what it is. */
export async function deleteCannedAnswer(
  database: Database,
  principal: Principal,
  input: { readonly id: string },
): Promise<Outcome<{ readonly id: string }>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockCannedAnswer(transaction, principal, input.id);
    if (locked.value === null) return refused(locked.refusals);
    const answer = locked.value;
    await transaction.rows(CannedAnswer, answer.workspaceId).delete({ id: answer.id });
    const { title, shortcut } = answer;
    // The log is all that tells later which one it was.
    const changes = changesOf({ title, shortcut }, { title: null, shortcut: null });
    await audit(transaction, principal, 'CANNED_ANSWER_DELETED', answer, changes);
    return done({ id: answer.id });
  });
}
