import { Like } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import type { TenantRows } from '../../database/tenant-rows';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { canonicalLocale, checkLocale } from '../../domain/validation/locale';
import { checkName } from '../../domain/validation/name';
import { whenSet } from '../../domain/validation/patch';
import { checkSlug, freeSlug, slugOf } from '../../domain/validation/slug';
import { checkTimeZone } from '../../domain/validation/time-zone';
import { checkWebAddress } from '../../domain/validation/web-address';
import { Organization } from '../../entities/organization';
import { audit } from '../audit/audit';
import { lockWorkspace } from './lock-workspace';
import { refuseUnlessStaff } from './refuse-unless-staff';
import { refuseUnsafeUrl, type TargetCheck } from './refuse-unsafe-url';

export interface CreateOrganization {
  readonly workspaceId: string;
  readonly name: string;
  /** Made from the name when it is not given. */
  readonly slug?: string | null;
  readonly locale?: string | null;
  readonly timeZone?: string | null;
  readonly logoUrl?: string | null;
}

const DEFAULT_LOCALE = 'en';
const DEFAULT_TIME_ZONE = 'UTC';

/** Adds a client to a workspace. Staff only; CONFLICT when the given slug is taken. */
export async function createOrganization(
  database: Database,
  principal: Principal,
  input: CreateOrganization,
  targets: TargetCheck,
): Promise<Outcome<Organization>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  const unsafe = await refuseUnsafeUrl(targets, input.logoUrl, 'logoUrl');
  if (unsafe.length > 0) return refused(unsafe);
  return transact(database, principal, async (transaction) => {
    await lockWorkspace(transaction, input.workspaceId);
    const organizations = transaction.rows(Organization, input.workspaceId);
    const slug = input.slug ?? (await findFreeSlug(organizations, input.name));
    if ((await organizations.find({ slug })) !== null) {
      return refused(refusal('CONFLICT', 'Another organization of this workspace has this slug.', 'slug'));
    }
    const logoUrl = input.logoUrl ?? undefined;
    const given = {
      slug,
      name: input.name.trim(),
      locale: canonicalLocale(input.locale ?? DEFAULT_LOCALE) ?? DEFAULT_LOCALE,
      timeZone: input.timeZone ?? DEFAULT_TIME_ZONE,
      branding: logoUrl === undefined ? {} : { logoUrl },
    };
    const created = { ...given, ...NOTHING_SET, id: newId(), version: 1, createdAt: await transaction.now() };
    const organization = await organizations.insert(created);
    const subject = { ...organization, organizationId: organization.id };
    await audit(transaction, principal, 'ORGANIZATION_CREATED', subject, changesOf({}, given));
    return done(organization);
  });
}

/** The defaults of the server count, also those of later versions. */
const NOTHING_SET = {
  alertIntervalSeconds: null,
  escalation: null,
  businessHours: null,
  memberChannels: null,
  memberEvents: null,
};

async function findFreeSlug(organizations: TenantRows<Organization>, name: string): Promise<string> {
  const slug = slugOf(name, 'organization');
  const alike = await organizations.list({ slug: Like(`${slug}%`) });
  return freeSlug(slug, new Set(alike.map((organization) => organization.slug)));
}

function checkInput(input: CreateOrganization): Refusal[] {
  return [
    ...checkName(input.name, 'name'),
    ...whenSet(input.slug, checkSlug, 'slug'),
    ...whenSet(input.locale, checkLocale, 'locale'),
    ...whenSet(input.timeZone, checkTimeZone, 'timeZone'),
    ...whenSet(input.logoUrl, checkWebAddress, 'logoUrl'),
  ];
}
