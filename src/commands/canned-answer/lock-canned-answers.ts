import type { Transaction } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { mayManageOrganization, mayReadCannedAnswers, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { CannedAnswer } from '../../entities/canned-answer';
import { Organization } from '../../entities/organization';

/**
 * Lets one change at a time of an organization's canned answers in, by somebody who manages it: how many there are, and
 * which shortcuts, can then be relied on until the commit.
 */
export async function lockCannedAnswers(
  transaction: Transaction,
  principal: Principal,
  organizationId: string,
): Promise<Outcome<Organization>> {
  const organization = await lockOrganization(transaction, principal, organizationId);
  if (organization === null || !maySee(principal, { ...organization, organizationId })) {
    return refused(notFound('organization', 'organizationId'));
  }
  return mayManageOrganization(principal, organization) ? done(organization) : refused(unauthorized('organizationId'));
}

/** The same for the organization of a canned answer, which comes with it as it is then. */
export async function lockCannedAnswer(
  transaction: Transaction,
  principal: Principal,
  id: string,
): Promise<Outcome<CannedAnswer>> {
  const answers = transaction.rows(CannedAnswer, principal.workspaceId);
  const unlocked = await answers.find({ id });
  // No organization has the id of a canned answer: a missing one takes as long as a hidden one.
  const organization = await lockOrganization(transaction, principal, unlocked?.organizationId ?? id);
  const answer = await answers.find({ id });
  if (organization === null || answer === null || !mayReadCannedAnswers(principal, answer)) {
    return refused(notFound('canned answer', 'id'));
  }
  return mayManageOrganization(principal, organization) ? done(answer) : refused(unauthorized('id'));
}

/** CONFLICT when another canned answer of the organization has the shortcut. */
export async function refuseTakenShortcut(
  transaction: Transaction,
  { workspaceId, organizationId, id }: { workspaceId: string; organizationId: string; id: string | null },
  shortcut: string,
): Promise<Refusal | null> {
  const other = await transaction.rows(CannedAnswer, workspaceId).find({ organizationId, shortcut });
  if (other === null || other.id === id) return null;
  return refusal('CONFLICT', `“${other.title}” has this shortcut already.`, 'shortcut');
}

function unauthorized(path: string): Refusal {
  return forbidden('This takes the permission MANAGE_ORGANIZATION.', path);
}

/** FOR NO KEY UPDATE: rows that only refer to the organization go on being inserted meanwhile. */
async function lockOrganization(
  { manager }: Transaction,
  { workspaceId }: Principal,
  id: string,
): Promise<Organization | null> {
  return manager.findOne(Organization, { where: { id, workspaceId }, lock: { mode: 'for_no_key_update' } });
}
