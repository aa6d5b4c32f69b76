import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { changesOf } from '../../domain/audit';
import {
  DEFAULT_ANNOUNCEMENTS,
  DEFAULT_HANDOFF_SUBTITLE,
  DEFAULT_HANDOFF_TITLE,
} from '../../domain/conversation/handoff-settings';
import { done, notFound, type Outcome, type Refusal, refused } from '../../domain/refusal';
import { checkName } from '../../domain/validation/name';
import { whenSet } from '../../domain/validation/patch';
import { checkWebAddress } from '../../domain/validation/web-address';
import { Agent } from '../../entities/agent';
import { Organization } from '../../entities/organization';
import { newPublicKey } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { refuseUnlessStaff } from '../organization/refuse-unless-staff';
import { refuseUnsafeUrl, type TargetCheck } from '../organization/refuse-unsafe-url';

export interface CreateAgent {
  readonly workspaceId: string;
  readonly displayName: string;
  readonly avatarUrl?: string | null;
  readonly organizationId?: string | null;
}

/** Adds an AI agent to a workspace: handoff off, nobody to answer yet. Staff only. */
export async function createAgent(
  database: Database,
  principal: Principal,
  input: CreateAgent,
  targets: TargetCheck,
): Promise<Outcome<Agent>> {
  const unauthorized = refuseUnlessStaff(principal, input.workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  const unsafe = await refuseUnsafeUrl(targets, input.avatarUrl, 'avatarUrl');
  if (unsafe.length > 0) return refused(unsafe);
  return transact(database, principal, async (transaction) => {
    const organizationId = input.organizationId ?? null;
    if (organizationId !== null) {
      const organization = await transaction.rows(Organization, input.workspaceId).find({ id: organizationId });
      if (organization === null) return refused(notFound('organization', 'organizationId'));
    }
    const named = { displayName: input.displayName.trim(), avatarUrl: input.avatarUrl ?? null };
    const agent = await transaction.rows(Agent, input.workspaceId).insert({
      ...newAgentDefaults(),
      ...named,
      id: newId(),
      organizationId,
      publicKey: newPublicKey(),
      createdAt: await transaction.now(),
    });
    await audit(transaction, principal, 'AGENT_CREATED', agent, changesOf({}, named));
    return done(agent);
  });
}

function newAgentDefaults(): Omit<
  Agent,
  'id' | 'workspaceId' | 'organizationId' | 'displayName' | 'avatarUrl' | 'publicKey' | 'createdAt'
> {
  return {
    allowedOrigins: [],
    identityVerificationRequired: false,
    handoffEnabled: false,
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
  };
}

function checkInput(input: CreateAgent): Refusal[] {
  return [...checkName(input.displayName, 'displayName'), ...whenSet(input.avatarUrl, checkWebAddress, 'avatarUrl')];
}
