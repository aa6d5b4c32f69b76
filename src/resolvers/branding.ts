import { resolveBranding } from '../domain/branding';
import { readBrandOwners } from '../queries/brand-owners';
import { Branding } from '../schema/branding';
import type { RequestContext } from './request-context';

/** The brand of an organization, or of a workspace when `organizationId` is null. */
export async function brandingFor(
  context: RequestContext,
  workspaceId: string,
  organizationId: string | null,
): Promise<Branding> {
  const owners = await readBrandOwners(context.app.database.source.manager, workspaceId, organizationId);
  return Object.assign(new Branding(), resolveBranding({ ...owners, server: context.app.serverBrand }));
}
