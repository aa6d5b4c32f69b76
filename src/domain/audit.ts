import { type ApiKeyPrincipal, type ClientFacts, NOWHERE, type UserPrincipal } from './actor';

export type AuditSubjectKind =
  | 'WORKSPACE'
  | 'ORGANIZATION'
  | 'USER'
  | 'SESSION'
  | 'INVITATION'
  | 'AGENT'
  | 'API_KEY'
  | 'CONVERSATION'
  | 'VISITOR'
  | 'CANNED_ANSWER';

/** Everything that is audited, and what kind of object it is done to. */
export const AUDIT_SUBJECTS = {
  SIGNED_IN: 'SESSION',
  SIGN_IN_FAILED: 'USER',
  SIGNED_OUT: 'SESSION',
  SESSION_REVOKED: 'SESSION',
  SESSIONS_ENDED: 'USER',
  IMPERSONATION_STARTED: 'USER',
  PASSWORD_RESET_REQUESTED: 'USER',
  PASSWORD_CHANGED: 'USER',
  INVITATION_SENT: 'INVITATION',
  INVITATION_REVOKED: 'INVITATION',
  INVITATION_ACCEPTED: 'INVITATION',
  USER_CREATED: 'USER',
  USER_UPDATED: 'USER',
  USER_DISABLED: 'USER',
  USER_ENABLED: 'USER',
  WORKSPACE_CREATED: 'WORKSPACE',
  WORKSPACE_HOSTS_SET: 'WORKSPACE',
  WORKSPACE_MAIL_SETTINGS_UPDATED: 'WORKSPACE',
  WORKSPACE_MAIL_SETTINGS_REMOVED: 'WORKSPACE',
  WORKSPACE_MAIL_SETTINGS_VERIFIED: 'WORKSPACE',
  ORGANIZATION_CREATED: 'ORGANIZATION',
  ORGANIZATION_UPDATED: 'ORGANIZATION',
  ORGANIZATION_HANDOFF_UPDATED: 'ORGANIZATION',
  ORGANIZATION_HOSTS_SET: 'ORGANIZATION',
  CANNED_ANSWER_CREATED: 'CANNED_ANSWER',
  CANNED_ANSWER_UPDATED: 'CANNED_ANSWER',
  CANNED_ANSWER_DELETED: 'CANNED_ANSWER',
  AGENT_CREATED: 'AGENT',
  AGENT_UPDATED: 'AGENT',
  AGENT_ASSIGNED: 'AGENT',
  AGENT_UNASSIGNED: 'AGENT',
  AGENT_HANDOFF_UPDATED: 'AGENT',
  AGENT_RESPONDER_SET: 'AGENT',
  AGENT_IDENTITY_SECRET_ROTATED: 'AGENT',
  API_KEY_CREATED: 'API_KEY',
  API_KEY_ROTATED: 'API_KEY',
  API_KEY_REVOKED: 'API_KEY',
  HANDOFF_REQUESTED: 'CONVERSATION',
  HANDOFF_ACCEPTED: 'CONVERSATION',
  HANDOFF_CANCELLED: 'CONVERSATION',
  HANDOFF_EXPIRED: 'CONVERSATION',
  CONVERSATION_TAKEN_OVER: 'CONVERSATION',
  HANDOFF_TRANSFERRED: 'CONVERSATION',
  CONVERSATION_HANDED_BACK: 'CONVERSATION',
  CONVERSATION_CLOSED: 'CONVERSATION',
  NOTE_DELETED: 'CONVERSATION',
  TRANSCRIPT_MAILED: 'CONVERSATION',
  VISITOR_EXPORTED: 'VISITOR',
  VISITOR_ERASED: 'VISITOR',
} as const satisfies Record<string, AuditSubjectKind>;
export type AuditAction = keyof typeof AUDIT_SUBJECTS;

/** ANONYMOUS: somebody without a credential. SYSTEM: a worker, by a deadline or for the AI. SERVER_OPERATOR: npm run admin. */
export type AuditActorKind = 'USER' | 'VISITOR' | 'API_KEY' | 'ANONYMOUS' | 'SYSTEM' | 'SERVER_OPERATOR';

/** Who did it. Every principal is one. */
export type AuditActor = ClientFacts &
  (
    | Pick<UserPrincipal, 'kind' | 'userId' | 'impersonatorId'>
    | { readonly kind: 'VISITOR'; readonly visitorId: string | null }
    | Pick<ApiKeyPrincipal, 'kind' | 'keyId'>
    | { readonly kind: 'ANONYMOUS' | 'SYSTEM' | 'SERVER_OPERATOR' }
  );

export const SYSTEM: AuditActor = { kind: 'SYSTEM', ...NOWHERE };
export const SERVER_OPERATOR: AuditActor = { kind: 'SERVER_OPERATOR', ...NOWHERE };

/** One field that has changed. Without values: they are secret, or nobody has said that they are not. */
export interface AuditChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Fields whose values the log may hold. Named one by one, so that a column that is added tomorrow is a name there and
 * nothing more: URLs and instructions of responders may carry credentials, and names and addresses of people who were
 * invited or made can be read from the object itself for as long as it is there.
 */
const TOLD: ReadonlySet<string> = new Set([
  ...['name', 'slug', 'locale', 'timeZone', 'branding', 'hosts', 'escalation', 'businessHours'],
  ...['title', 'shortcut'],
  ...['alertIntervalSeconds', 'memberChannels', 'memberEvents'],
  ...['host', 'port', 'security'],
  ...['displayName', 'avatarUrl', 'allowedOrigins', 'identityVerificationRequired'],
  ...['handoffEnabled', 'fixedPopup', 'offerWhenOffline', 'handoffTitle', 'handoffSubtitle', 'requestTimeoutSeconds'],
  ...['whileWaiting', 'aiMayRequest', 'announcements', 'responderKind', 'responderModel'],
  ...[
    'workspaceRole',
    'permissions',
    'agentIds',
    'disabledAt',
    'agentId',
    'expiresAt',
    'scopes',
    'reason',
    'allSessions',
  ],
  ...['status', 'controller', 'operatorId', 'handoffState'],
]);

/** What differs, among the fields of `after`, from `before`; an object that did not exist before is `{}`. */
export function changesOf(before: object, after: object): AuditChange[] {
  const former: Readonly<Record<string, unknown>> = { ...before };
  return Object.entries(after).flatMap(([field, value]: [string, unknown]) => {
    const [was, is] = [former[field] ?? null, value ?? null];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [TOLD.has(field) ? { field, before: was, after: is } : { field }];
  });
}
