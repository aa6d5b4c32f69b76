import type { Principal } from '../../domain/actor';
import { mayManageWorkspace } from '../../domain/policies/settings-policy';
import { forbidden, notFound, type Refusal } from '../../domain/refusal';

/** For commands that only staff of a workspace may run: NOT_FOUND where the workspace is foreign, else FORBIDDEN. */
export function refuseUnlessStaff(principal: Principal, workspaceId: string): Refusal | null {
  if (!seesWorkspace(principal, workspaceId)) return notFound('workspace', 'workspaceId');
  if (mayManageWorkspace(principal, workspaceId)) return null;
  return forbidden('Only staff of the workspace may do this.');
}

/** Whether somebody knows of a workspace at all. A visitor knows the agent it talks with and nothing above it. */
export function seesWorkspace(principal: Principal, workspaceId: string): boolean {
  return principal.workspaceId === workspaceId && principal.kind !== 'VISITOR';
}
