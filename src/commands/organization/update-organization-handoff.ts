import { In, IsNull } from 'typeorm';
import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import type { BusinessHours } from '../../domain/conversation/business-hours';
import type { Escalation } from '../../domain/conversation/escalation';
import { mayManageOrganization, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refused } from '../../domain/refusal';
import type { NotificationChannel, NotificationEvents } from '../../domain/notification/notification-kinds';
import { checkBusinessHours } from '../../domain/validation/business-hours';
import { checkAlertInterval, checkEscalation } from '../../domain/validation/escalation';
import { givenValues, whenSet } from '../../domain/validation/patch';
import { Organization } from '../../entities/organization';
import { User } from '../../entities/user';
import { audit } from '../audit/audit';
import { refuseStaleVersion } from './stale-version';

/** Left out keeps the value; null takes it away: the default counts again. */
export interface UpdateOrganizationHandoff {
  readonly organizationId: string;
  readonly escalation?: Escalation | null;
  readonly businessHours?: BusinessHours | null;
  /** 1 to 3600. */
  readonly alertIntervalSeconds?: number | null;
  /** For members who have not chosen; empty: the bell alone. */
  readonly memberChannels?: readonly NotificationChannel[] | null;
  readonly memberEvents?: NotificationEvents | null;
  readonly expectedVersion?: number | null;
}

/**
 * Changes how requests reach the people of an organization. Takes MANAGE_ORGANIZATION in it; STALE_VERSION carries the row
 * as it is now. Requests that wait already climb the ladder that they began with. What agents and people have set
 * themselves stays, and counts.
 */
export async function updateOrganizationHandoff(
  database: Database,
  principal: Principal,
  input: UpdateOrganizationHandoff,
): Promise<Outcome<Organization>> {
  return transact(database, principal, async (transaction) => {
    const organizations = transaction.rows(Organization, principal.workspaceId);
    const organization = await organizations.lock({ id: input.organizationId });
    if (organization === null || !maySee(principal, { ...organization, organizationId: organization.id }))
      return refused(notFound('organization', 'organizationId'));
    if (!mayManageOrganization(principal, organization))
      return refused(forbidden('This takes the permission MANAGE_ORGANIZATION.', 'organizationId'));
    const invalid = checkInput(input);
    if (invalid.length > 0) return refused(invalid);
    const stale = refuseStaleVersion(organization, input.expectedVersion);
    if (stale !== null) return refused(stale, organization);
    const strangers = await refuseStrangers(transaction, organization, input.escalation?.fallbackUserIds ?? []);
    if (strangers.length > 0) return refused(strangers);
    const change = givenValues({
      escalation: input.escalation,
      businessHours: input.businessHours,
      alertIntervalSeconds: input.alertIntervalSeconds,
      memberChannels: input.memberChannels && [...new Set(input.memberChannels)],
      memberEvents: input.memberEvents,
    });
    const changes = changesOf(organization, change);
    if (changes.length === 0) return done(organization);
    const versioned = { ...change, version: organization.version + 1 };
    await organizations.update({ id: organization.id }, versioned);
    const subject = { ...organization, organizationId: organization.id };
    await audit(transaction, principal, 'ORGANIZATION_HANDOFF_UPDATED', subject, changes);
    return done({ ...organization, ...versioned });
  });
}

/** Who is named has to be able to answer: a member who handles conversations, or staff. Everybody else is NOT_FOUND. */
async function refuseStrangers(
  transaction: Transaction,
  { id, workspaceId }: Organization,
  userIds: readonly string[],
): Promise<Refusal[]> {
  if (userIds.length === 0) return [];
  const users = await transaction.rows(User, workspaceId).list({ id: In([...userIds]), disabledAt: IsNull() });
  const able = users.filter(
    ({ workspaceRole, organizationId, permissions }) =>
      workspaceRole !== null || (organizationId === id && permissions.includes('HANDLE_CONVERSATIONS')),
  );
  const known = new Set(able.map((user) => user.id));
  return userIds.flatMap((userId, index) =>
    known.has(userId)
      ? []
      : [notFound('user who handles conversations here', 'escalation', 'fallbackUserIds', String(index))],
  );
}

function checkInput(input: UpdateOrganizationHandoff): Refusal[] {
  return [
    ...whenSet(input.escalation, checkEscalation, 'escalation'),
    ...whenSet(input.businessHours, checkBusinessHours, 'businessHours'),
    ...whenSet(input.alertIntervalSeconds, checkAlertInterval, 'alertIntervalSeconds'),
  ];
}
