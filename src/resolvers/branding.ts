import { type BrandOwner, resolveBranding } from '../domain/branding';
import { readBrandOwners } from '../queries/brand-owners';
import { Branding } from '../schema/branding';
import type { RequestContext } from './request-context';
import { required } from './required';

/** The brand that a widget shows, for a caller who may have no session yet. */
export async function publicBranding(
  context: RequestContext,
  workspaceId: string,
  organizationId: string | null,
): Promise<Branding> {
  return resolve(context, await readBrandOwners(context.readOf({ workspaceId }), workspaceId, organizationId));
}

/**
 * The brand of an organization, or of the workspace when `organizationId` is null, for a caller of that workspace.
 * Through the loaders: a list of organizations must not cost a statement each.
 */
export async function brandingFor(
  context: RequestContext,
  workspaceId: string,
  organizationId: string | null,
): Promise<Branding> {
  const { loaders } = context;
  const [organization, workspace] = await Promise.all([
    organizationId === null ? null : loaders.organizations.load(organizationId),
    loaders.workspaces.load(workspaceId),
  ]);
  return resolve(context, { organization, workspace: required(workspace, 'workspace') });
}

function resolve(
  context: RequestContext,
  owners: { readonly organization: BrandOwner | null; readonly workspace: BrandOwner },
): Branding {
  return Object.assign(new Branding(), resolveBranding({ ...owners, server: context.app.serverBrand }));
}
