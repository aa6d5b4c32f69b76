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

/** What a key of a partner's back end may be made for. A key without any reads how the workspace is set up, and no more. */
export const API_KEY_SCOPES = ['CONVERSATIONS', 'SETTINGS', 'PEOPLE', 'KEYS'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

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
  /** Of a back end's key; a runtime's has none. */
  readonly scopes: readonly ApiKeyScope[];
  /** Which of the key's secrets was shown: the newest has the highest number. */
  readonly secretVersion: number;
}

/** The scope in which a back end's key holds a permission of members. */
export const SCOPES: Record<Permission, ApiKeyScope> = {
  VIEW_CONVERSATIONS: 'CONVERSATIONS',
  HANDLE_CONVERSATIONS: 'CONVERSATIONS',
  MANAGE_AGENT_SETTINGS: 'SETTINGS',
  MANAGE_MEMBERS: 'PEOPLE',
  MANAGE_ORGANIZATION: 'SETTINGS',
};

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

/** Whether a key may do this; people are bounded by permissions instead, and every scope is theirs. */
export function hasScope(principal: Principal, scope: ApiKeyScope): boolean {
  return principal.kind === 'USER' || (principal.kind === 'API_KEY' && principal.scopes.includes(scope));
}

/** The id by which what somebody has read, and the nonces that they sent, are kept. */
export function readerIdOf(principal: Principal): string {
  if (principal.kind === 'USER') return principal.userId;
  return principal.kind === 'VISITOR' ? principal.visitorId : principal.keyId;
}

/** Whether the principal holds the permission in that organization. Staff hold every one in all of theirs, and keys those of their scopes. */
export function holdsPermission(
  principal: Principal,
  permission: Permission,
  owner: { workspaceId: string; organizationId: string | null },
): boolean {
  if (principal.workspaceId !== owner.workspaceId) return false;
  if (isStaff(principal)) return hasScope(principal, SCOPES[permission]);
  return (
    principal.kind === 'USER' &&
    owner.organizationId !== null &&
    principal.organizationId === owner.organizationId &&
    principal.permissions.includes(permission)
  );
}
