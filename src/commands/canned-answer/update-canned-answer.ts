import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { canonicalShortcut, checkCannedText, checkShortcut, checkTitle } from '../../domain/canned-answer';
import { done, type Outcome, type Refusal, refused } from '../../domain/refusal';
import { givenValues, refuseNulls, whenSet } from '../../domain/validation/patch';
import { CannedAnswer } from '../../entities/canned-answer';
import { audit } from '../audit/audit';
import { refuseStaleVersion } from '../organization/stale-version';
import { lockCannedAnswer, refuseTakenShortcut } from './lock-canned-answers';

/** Left out keeps the value. */
export interface UpdateCannedAnswer {
  readonly id: string;
  readonly title?: string | null;
  readonly shortcut?: string | null;
  readonly text?: string | null;
  readonly expectedVersion?: number | null;
}

/** Changes a canned answer. Takes MANAGE_ORGANIZATION; STALE_VERSION carries it as it is now. */
export async function updateCannedAnswer(
  database: Database,
  principal: Principal,
  input: UpdateCannedAnswer,
): Promise<Outcome<CannedAnswer>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockCannedAnswer(transaction, principal, input.id);
    if (locked.value === null) return locked;
    const answer = locked.value;
    const invalid = checkInput(input);
    if (invalid.length > 0) return refused(invalid);
    const stale = refuseStaleVersion(answer, input.expectedVersion);
    if (stale !== null) return refused(stale, answer);
    const given = givenValues({
      title: input.title?.trim(),
      shortcut: input.shortcut == null ? undefined : canonicalShortcut(input.shortcut),
      text: input.text ?? undefined,
    });
    const taken = given.shortcut === undefined ? null : await refuseTakenShortcut(transaction, answer, given.shortcut);
    if (taken !== null) return refused(taken);
    const changes = changesOf(answer, given);
    if (changes.length === 0) return done(answer);
    const change = { ...given, version: answer.version + 1, updatedAt: await transaction.now() };
    await transaction.rows(CannedAnswer, answer.workspaceId).update({ id: answer.id }, change);
    await audit(transaction, principal, 'CANNED_ANSWER_UPDATED', answer, changes);
    return done({ ...answer, ...change });
  });
}

function checkInput(input: UpdateCannedAnswer): Refusal[] {
  return [
    ...refuseNulls(input, ['title', 'shortcut', 'text']),
    ...whenSet(input.title, checkTitle, 'title'),
    ...whenSet(input.shortcut, checkShortcut, 'shortcut'),
    ...whenSet(input.text, checkCannedText, 'text'),
  ];
}
