import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import { mayManageOrganization, maySee } from '../../domain/policies/settings-policy';
import { done, forbidden, notFound, type Outcome, type Refusal, refused } from '../../domain/refusal';
import { type BrandingPatch, checkBranding } from '../../domain/validation/branding';
import { canonicalLocale, checkLocale } from '../../domain/validation/locale';
import { checkName } from '../../domain/validation/name';
import { givenValues, refuseNulls, whenSet } from '../../domain/validation/patch';
import { checkTimeZone } from '../../domain/validation/time-zone';
import { Organization } from '../../entities/organization';
import type { BrandingValues } from '../../entities/workspace';
import { audit } from '../audit/audit';
import { refuseUnsafeChange, type TargetCheck } from './refuse-unsafe-url';
import { refuseStaleVersion } from './stale-version';

/** Left out keeps the value. Parts of `branding` may be null, which takes them away; nothing else may. */
export interface UpdateOrganization {
  readonly id: string;
  readonly name?: string | null;
  readonly locale?: string | null;
  readonly timeZone?: string | null;
  readonly branding?: BrandingPatch | null;
  readonly expectedVersion?: number | null;
}

/** Changes an organization. Takes MANAGE_ORGANIZATION in it; STALE_VERSION carries the row as it is now. */
export async function updateOrganization(
  database: Database,
  principal: Principal,
  input: UpdateOrganization,
  targets: TargetCheck,
): Promise<Outcome<Organization>> {
  const lock = (transaction: Transaction): Promise<Outcome<Organization>> =>
    lockOrganization(transaction, principal, input);
  const logo = {
    url: input.branding?.logoUrl,
    path: ['branding', 'logoUrl'],
    look: () => transact(database, principal, lock),
  };
  const unsafe = await refuseUnsafeChange(targets, logo);
  if (unsafe !== null) return unsafe;
  return transact(database, principal, async (transaction) => {
    const found = await lock(transaction);
    if (found.value === null) return found;
    const organization = found.value;
    const stale = refuseStaleVersion(organization, input.expectedVersion);
    if (stale !== null) return refused(stale, organization);

    const change = changeOf(organization, input);
    if (Object.keys(change).length === 0) return done(organization);
    const versioned = { ...change, version: organization.version + 1 };
    await transaction.rows(Organization, organization.workspaceId).update({ id: organization.id }, versioned);
    const subject = { ...organization, organizationId: organization.id };
    const changes = changesOf(organization, change);
    if (changes.length > 0) await audit(transaction, principal, 'ORGANIZATION_UPDATED', subject, changes);
    return done({ ...organization, ...versioned });
  });
}

/** The organization, for whoever may change it in this way. */
async function lockOrganization(
  transaction: Transaction,
  principal: Principal,
  input: UpdateOrganization,
): Promise<Outcome<Organization>> {
  const organization = await transaction.rows(Organization, principal.workspaceId).lock({ id: input.id });
  if (organization === null || !maySee(principal, { ...organization, organizationId: organization.id })) {
    return refused(notFound('organization', 'id'));
  }
  if (!mayManageOrganization(principal, organization)) {
    return refused(forbidden('This takes the permission MANAGE_ORGANIZATION.', 'id'));
  }
  const invalid = checkInput(input);
  return invalid.length > 0 ? refused(invalid) : done(organization);
}

function changeOf(organization: Organization, input: UpdateOrganization): Partial<Organization> {
  return givenValues({
    name: input.name?.trim(),
    locale: canonicalLocale(input.locale ?? '') ?? undefined,
    timeZone: input.timeZone ?? undefined,
    branding: input.branding ? mergeBranding(organization.branding, input.branding) : undefined,
  });
}

function mergeBranding(current: BrandingValues, patch: BrandingPatch): BrandingValues {
  const merged = Object.entries({ ...current, ...givenValues(patch) });
  return Object.fromEntries(merged.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value.trim()]] : [])));
}

function checkInput(input: UpdateOrganization): Refusal[] {
  return [
    ...refuseNulls(input, ['name', 'locale', 'timeZone', 'branding']),
    ...whenSet(input.name, checkName, 'name'),
    ...whenSet(input.locale, checkLocale, 'locale'),
    ...whenSet(input.timeZone, checkTimeZone, 'timeZone'),
    ...whenSet(input.branding, checkBranding, 'branding'),
  ];
}
