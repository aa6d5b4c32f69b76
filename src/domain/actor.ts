/** Who is asking. Built once per request from a credential; every rule in `policies/` takes one of these. */
export type Principal = UserPrincipal | VisitorPrincipal | ApiKeyPrincipal;

export type WorkspaceRole = 'OWNER' | 'ADMIN';

export const PERMISSIONS = [
  'VIEW_CONVERSATIONS',
  'HANDLE_CONVERSATIONS',
  'MANAGE_AGENT_SETTINGS',
  'MANAGE_MEMBERS',
  'MANAGE_ORGANIZATION',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface UserPrincipal {
  readonly kind: 'USER';
  readonly workspaceId: string;
  readonly userId: string;
  readonly sessionId: string;
  /** Null for staff of the workspace. */
  readonly organizationId: string | null;
  /** Null for members of an organization. */
  readonly workspaceRole: WorkspaceRole | null;
  readonly permissions: readonly Permission[];
  /** Agents that a member is limited to; null means all of the organization. */
  readonly agentIds: readonly string[] | null;
}

export interface VisitorPrincipal {
  readonly kind: 'VISITOR';
  readonly workspaceId: string;
  readonly visitorId: string;
  readonly sessionId: string;
  readonly agentId: string;
}

export interface ApiKeyPrincipal {
  readonly kind: 'API_KEY';
  readonly workspaceId: string;
  readonly keyId: string;
  /** The agent whose AI runtime this is; null: the partner's back end, which acts as staff. */
  readonly agentId: string | null;
}

/** Staff of a workspace, or the partner's back end. */
export function isStaff(principal: Principal): boolean {
  return principal.kind === 'USER'
    ? principal.workspaceRole !== null
    : principal.kind === 'API_KEY' && principal.agentId === null;
}

/**
 * Whether operators are colleagues to the principal: with address and permissions. To visitors, and to the AI runtime of
 * an agent, they are a name and a picture.
 */
export function seesColleagues(principal: Principal): boolean {
  return principal.kind === 'USER' || isStaff(principal);
}

/** Whether the principal holds the permission in that organization. Staff hold every one in all of theirs. */
export function holdsPermission(
  principal: Principal,
  permission: Permission,
  owner: { workspaceId: string; organizationId: string | null },
): boolean {
  if (principal.workspaceId !== owner.workspaceId) return false;
  if (isStaff(principal)) return true;
  return (
    principal.kind === 'USER' &&
    owner.organizationId !== null &&
    principal.organizationId === owner.organizationId &&
    principal.permissions.includes(permission)
  );
}
