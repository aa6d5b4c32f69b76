import { maySee } from '../domain/policies/settings-policy';
import { presentOrganization } from '../presenters/present-organization';
import type { Organization } from '../schema/organization';
import { type RequestContext, signedIn } from './request-context';
import { required } from './required';

/** The organization that something belongs to; null when it has none, and for visitors and others who may not see it. */
export async function visibleOrganization(
  context: RequestContext,
  root: { readonly workspaceRef: string; readonly organizationRef: string | null },
): Promise<Organization | null> {
  const { workspaceRef: workspaceId, organizationRef: organizationId } = root;
  if (organizationId === null || !maySee(signedIn(context), { workspaceId, organizationId })) return null;
  return presentOrganization(required(await context.loaders.organizations.load(organizationId), 'organization'));
}
