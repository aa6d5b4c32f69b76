import { holdsPermission } from '../domain/actor';
import type { Organization } from '../schema/organization';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';

/** Throws FORBIDDEN for whoever may not read the conversations of the organization. */
export function requireReader(context: RequestContext, root: Organization): void {
  const principal = signedIn(context);
  const owner = { workspaceId: root.workspaceRef, organizationId: root.organizationRef };
  const reads =
    holdsPermission(principal, 'VIEW_CONVERSATIONS', owner) ||
    holdsPermission(principal, 'HANDLE_CONVERSATIONS', owner);
  if (!reads) throw forbiddenField('You need the permission VIEW_CONVERSATIONS.');
}
