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

/** Where a request comes from, as far as it can be known: for the audit log and the list of sessions. */
export interface ClientFacts {
  /** Of the client, where forwarding headers are trusted; null when the connection is gone or nobody asked over one. */
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** What is known of a client that nobody has told of. */
export const NOWHERE: ClientFacts = { address: null, userAgent: null };

/** The client alone, of whatever knows more of a request; what it does not say is null. */
export function clientOf({ address, userAgent }: Partial<ClientFacts>): ClientFacts {
  return { address: address ?? null, userAgent: userAgent ?? null };
}

export interface UserPrincipal extends ClientFacts {
  readonly kind: 'USER';
  readonly workspaceId: string;
  readonly userId: string;
  readonly sessionId: string;
  /** The member of staff who has logged in as this person; null: it is the person. */
  readonly impersonatorId: string | null;
  /** Null for staff of the workspace. */
  readonly organizationId: string | null;
  /** Null for members of an organization. */
  readonly workspaceRole: WorkspaceRole | null;
  readonly permissions: readonly Permission[];
  /** Agents that a member is limited to; null means all of the organization. */
  readonly agentIds: readonly string[] | null;
}

export interface VisitorPrincipal extends ClientFacts {
  readonly kind: 'VISITOR';
  readonly workspaceId: string;
  readonly visitorId: string;
  readonly sessionId: string;
  readonly agentId: string;
}

export interface ApiKeyPrincipal extends ClientFacts {
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
