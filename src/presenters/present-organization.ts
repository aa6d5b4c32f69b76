import { DEFAULT_ALERT_INTERVAL_SECONDS } from '../domain/notification/fold-messages';
import { encodePublicId } from '../domain/public-id';
import type { Organization as OrganizationRow } from '../entities/organization';
import { Organization } from '../schema/organization';

export function presentOrganization(row: OrganizationRow): Organization {
  return Object.assign(new Organization(), {
    id: encodePublicId('organization', row.id),
    slug: row.slug,
    name: row.name,
    locale: row.locale,
    timeZone: row.timeZone,
    version: row.version,
    createdAt: row.createdAt,
    organizationRef: row.id,
    workspaceRef: row.workspaceId,
    alertIntervalSeconds: row.alertIntervalSeconds ?? DEFAULT_ALERT_INTERVAL_SECONDS,
    memberChannels: row.memberChannels,
    memberEvents: row.memberEvents,
    escalationRef: row.escalation,
    businessHoursRef: row.businessHours,
  });
}
