import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { canonicalShortcut, checkCannedText, checkShortcut, checkTitle } from '../../domain/canned-answer';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { CannedAnswer } from '../../entities/canned-answer';
import { audit } from '../audit/audit';
import { lockCannedAnswers, refuseTakenShortcut } from './lock-canned-answers';

export interface CreateCannedAnswer {
  readonly organizationId: string;
  readonly title: string;
  readonly shortcut: string;
  readonly text: string;
}

/** More would be found by nobody, and a composer asks for all of them. */
const MAX_CANNED_ANSWERS = 500;

/** Writes an answer down for the operators of an organization. Takes MANAGE_ORGANIZATION in it. */
export async function createCannedAnswer(
  database: Database,
  principal: Principal,
  input: CreateCannedAnswer,
): Promise<Outcome<CannedAnswer>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockCannedAnswers(transaction, principal, input.organizationId);
    if (locked.value === null) return refused(locked.refusals);
    const { id: organizationId, workspaceId } = locked.value;
    const invalid = [
      ...checkTitle(input.title, 'title'),
      ...checkShortcut(input.shortcut, 'shortcut'),
      ...checkCannedText(input.text, 'text'),
    ];
    if (invalid.length > 0) return refused(invalid);
    const given = { title: input.title.trim(), shortcut: canonicalShortcut(input.shortcut), text: input.text };
    const owner = { workspaceId, organizationId, id: null };
    const taken = await refuseTakenShortcut(transaction, owner, given.shortcut);
    if (taken !== null) return refused(taken);
    if ((await transaction.manager.countBy(CannedAnswer, { organizationId })) >= MAX_CANNED_ANSWERS) {
      const full = `An organization can have at most ${MAX_CANNED_ANSWERS} canned answers. Delete one first.`;
      return refused(refusal('LIMIT_EXCEEDED', full, 'organizationId'));
    }
    const now = await transaction.now();
    const created = { ...given, id: newId(), organizationId, version: 1, createdAt: now, updatedAt: now };
    const answer = await transaction.rows(CannedAnswer, workspaceId).insert(created);
    await audit(transaction, principal, 'CANNED_ANSWER_CREATED', answer, changesOf({}, given));
    return done(answer);
  });
}
