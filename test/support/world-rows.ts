import { randomBytes, scryptSync } from 'node:crypto';
import { newId } from '../../src/database/ids';
import {
  DEFAULT_ANNOUNCEMENTS,
  DEFAULT_HANDOFF_SUBTITLE,
  DEFAULT_HANDOFF_TITLE,
} from '../../src/domain/conversation/handoff-settings';
import { API_KEY_SCOPES } from '../../src/domain/actor';
import type { Agent } from '../../src/entities/agent';
import type { ApiKey } from '../../src/entities/api-key';
import type { Conversation } from '../../src/entities/conversation';
import type { Organization } from '../../src/entities/organization';
import type { Session } from '../../src/entities/session';
import type { User } from '../../src/entities/user';
import type { Visitor } from '../../src/entities/visitor';
import { hashToken, newPublicKey } from '../../src/identity/tokens';

export const WORLD_PASSWORD = 'correct horse battery';

/** N = 16: a real hash in a millisecond, so that a world costs nothing and signing in to it works. */
const PASSWORD_HASH = ((): string => {
  const salt = randomBytes(16);
  const key = scryptSync(WORLD_PASSWORD, salt, 32, { cost: 16, blockSize: 8, parallelization: 1 });
  return `scrypt$n=16,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
})();

/** A client of the partner that has set nothing; its name is its slug. */
export function newOrganization(workspaceId: string, slug: string, createdAt: Date): Organization {
  return {
    id: newId(),
    workspaceId,
    slug,
    name: slug,
    locale: 'en',
    timeZone: 'UTC',
    branding: {},
    alertIntervalSeconds: null,
    escalation: null,
    businessHours: null,
    memberChannels: null,
    memberEvents: null,
    version: 1,
    createdAt,
  };
}

/** An agent with handoff enabled that nobody answers for. */
export function newAgent(workspaceId: string, organizationId: string | null, displayName: string): Agent {
  return {
    id: newId(),
    workspaceId,
    organizationId,
    displayName,
    avatarUrl: null,
    publicKey: newPublicKey(),
    allowedOrigins: [],
    identityVerificationRequired: false,
    handoffEnabled: true,
    fixedPopup: false,
    offerWhenOffline: true,
    handoffTitle: DEFAULT_HANDOFF_TITLE,
    handoffSubtitle: DEFAULT_HANDOFF_SUBTITLE,
    requestTimeoutSeconds: 300,
    whileWaiting: 'AI_SILENT',
    aiMayRequest: true,
    announcements: { ...DEFAULT_ANNOUNCEMENTS },
    escalation: null,
    businessHours: null,
    alertIntervalSeconds: null,
    responderKind: 'NONE',
    responderUrl: null,
    responderModel: null,
    responderInstructions: null,
    responderSecret: null,
    identitySecret: null,
    identitySecretCreatedAt: null,
    formerIdentitySecret: null,
    formerIdentitySecretExpiresAt: null,
    version: 1,
    createdAt: new Date(),
  };
}

/** Give either a role or an organization: the table refuses anything else. */
export function newUser(workspaceId: string, email: string, displayName: string, change: Partial<User>): User {
  return {
    id: newId(),
    workspaceId,
    organizationId: null,
    workspaceRole: null,
    email,
    displayName,
    avatarUrl: null,
    locale: null,
    passwordHash: PASSWORD_HASH,
    permissions: [],
    limitedToAgents: false,
    available: true,
    lastActiveAt: null,
    disabledAt: null,
    createdAt: new Date(),
    ...change,
  };
}

/** The person's own session, good for an hour. */
export function newSession(user: User, token: string): Session {
  const now = new Date();
  return {
    id: newId(),
    workspaceId: user.workspaceId,
    userId: user.id,
    impersonatorId: null,
    impersonatorSessionId: null,
    tokenHash: hashToken(token),
    userAgent: null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
    revokedAt: null,
  };
}

/** An open conversation without messages, with the AI in control. */
export function newConversation(agent: Agent, visitor: Visitor): Conversation {
  const createdAt = new Date();
  return {
    id: newId(),
    workspaceId: agent.workspaceId,
    organizationId: agent.organizationId,
    agentId: agent.id,
    visitorId: visitor.id,
    idempotencyKey: randomBytes(8).toString('hex'),
    status: 'OPEN',
    controller: 'AI',
    controlEpoch: 1,
    operatorId: null,
    handoffId: null,
    handoffState: null,
    lastSequence: 0,
    lastMessageAt: createdAt,
    waitingSince: null,
    createdAt,
    closedAt: null,
    version: 1,
  };
}

export function newVisitor(agent: Agent, displayName: string, resumeToken: string): Visitor {
  return {
    id: newId(),
    workspaceId: agent.workspaceId,
    agentId: agent.id,
    displayName,
    email: null,
    locale: null,
    isVerified: false,
    externalId: null,
    resumeTokenHash: hashToken(resumeToken),
    lastActiveAt: null,
    createdAt: new Date(),
  };
}

/** A key that has not ended: of an agent's runtime, or a back end's with every scope. */
export function newKey(
  workspaceId: string,
  agentId: string | null,
  { prefix, token }: { prefix: string; token: string },
): ApiKey {
  return {
    id: newId(),
    workspaceId,
    agentId,
    name: agentId === null ? 'back end' : 'runtime',
    prefix,
    scopes: agentId === null ? [...API_KEY_SCOPES] : [],
    secretHash: hashToken(token),
    secretVersion: 1,
    formerSecretHash: null,
    formerSecretExpiresAt: null,
    createdAt: new Date(),
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
  };
}
