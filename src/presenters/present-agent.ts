import { encodePublicId } from '../domain/public-id';
import type { ResolvedHandoff } from '../domain/settings-layers';
import type { Agent as AgentRow } from '../entities/agent';
import { Agent } from '../schema/agent';
import { AgentHandoffSettings } from '../schema/agent-handoff-settings';
import { PublicAgent } from '../schema/public-agent';
import { Responder } from '../schema/responder';
import { presentBusinessHours } from './present-handoff-layers';
import { presenter } from './presenter';

export const presentAgent = presenter<AgentRow, Agent>(Agent, {
  id: ({ id }) => encodePublicId('agent', id),
  displayName: ({ displayName }) => displayName,
  avatarUrl: ({ avatarUrl }) => avatarUrl,
  publicKey: ({ publicKey }) => publicKey,
  allowedOrigins: ({ allowedOrigins }) => allowedOrigins,
  identityVerificationRequired: ({ identityVerificationRequired }) => identityVerificationRequired,
  identitySecretCreatedAt: ({ identitySecretCreatedAt }) => identitySecretCreatedAt,
  formerIdentitySecretExpiresAt: ({ formerIdentitySecretExpiresAt }) => formerIdentitySecretExpiresAt,
  version: ({ version }) => version,
  createdAt: ({ createdAt }) => createdAt,
  agentRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  organizationRef: ({ organizationId }) => organizationId,
});

/** `resolved`: what counts in conversations of this agent and its organization. */
export function presentHandoffSettings(row: AgentRow, resolved: ResolvedHandoff, now: Date): AgentHandoffSettings {
  const { escalation, businessHours, alertIntervalSeconds } = resolved;
  return Object.assign(new AgentHandoffSettings(), {
    enabled: row.handoffEnabled,
    fixedPopup: row.fixedPopup,
    offerWhenOffline: row.offerWhenOffline,
    title: row.handoffTitle,
    subtitle: row.handoffSubtitle,
    requestTimeoutSeconds: row.requestTimeoutSeconds,
    whileWaiting: row.whileWaiting,
    aiMayRequest: row.aiMayRequest,
    announcements: row.announcements,
    escalationRef: escalation.value,
    escalationFrom: escalation.from,
    businessHours: presentBusinessHours(businessHours.value, now),
    businessHoursFrom: businessHours.from,
    alertIntervalSeconds: alertIntervalSeconds.value,
    alertIntervalFrom: alertIntervalSeconds.from,
  });
}

/** Without the secret: it is write-only. */
export function presentResponder(row: AgentRow): Responder {
  return Object.assign(new Responder(), {
    kind: row.responderKind,
    url: row.responderUrl,
    model: row.responderModel,
    instructions: row.responderInstructions,
  });
}

export function presentPublicAgent(row: AgentRow): PublicAgent {
  return Object.assign(new PublicAgent(), {
    displayName: row.displayName,
    avatarUrl: row.avatarUrl,
    handoffEnabled: row.handoffEnabled,
    fixedPopup: row.fixedPopup,
    identityVerificationRequired: row.identityVerificationRequired,
    publicKey: row.publicKey,
    agentRef: row.id,
    workspaceRef: row.workspaceId,
    organizationRef: row.organizationId,
  });
}
