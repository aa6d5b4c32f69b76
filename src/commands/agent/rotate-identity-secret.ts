import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { checkOverlap, overlapEnd } from '../../domain/overlap';
import { done, type Outcome, refused } from '../../domain/refusal';
import { formerIdentitySecretPlace, identitySecretPlace, type SecretBox } from '../../domain/secrets';
import { whenSet } from '../../domain/validation/patch';
import type { Agent } from '../../entities/agent';
import { newToken } from '../../identity/tokens';
import { audit } from '../audit/audit';
import { lockManagedAgent, writeAgent } from './managed-agent';

export interface RotateIdentitySecret {
  readonly agentId: string;
  /** Seconds, 0 to 604,800; a day when left out. */
  readonly overlapSeconds?: number | null;
}

export interface RotatedIdentitySecret {
  readonly agent: Agent;
  /** It exists here, and sealed in the database. */
  readonly secret: string;
}

export interface RotateIdentitySecretDependencies {
  readonly sealSecret: SecretBox['seal'];
  readonly openSecret: SecretBox['open'];
}

/**
 * Makes the secret that a partner's back end signs visitors' identities with; the one before counts until the overlap
 * is over, and the one before that no longer. Without an overlap the former one is taken for known to others: sessions
 * that were opened with an identity token end too. Takes MANAGE_AGENT_SETTINGS.
 */
export async function rotateIdentitySecret(
  database: Database,
  principal: Principal,
  input: RotateIdentitySecret,
  { sealSecret, openSecret }: RotateIdentitySecretDependencies,
): Promise<Outcome<RotatedIdentitySecret>> {
  return transact(database, principal, async (transaction) => {
    const found = await lockManagedAgent(transaction, principal, input.agentId, 'agentId');
    if (found.value === null) return refused(found.refusals);
    const invalid = whenSet(input.overlapSeconds, checkOverlap, 'overlapSeconds');
    if (invalid.length > 0) return refused(invalid);
    const agent = found.value;
    const now = await transaction.now();
    const secret = newToken('IDENTITY_SECRET');
    const end = overlapEnd(now, input.overlapSeconds);
    const former =
      end === null || agent.identitySecret === null
        ? null
        : openSecret(agent.identitySecret, identitySecretPlace(agent.id));
    if (end === null) await endVerifiedSessions(transaction, agent);
    const change = {
      identitySecret: sealSecret(secret, identitySecretPlace(agent.id)),
      identitySecretCreatedAt: now,
      formerIdentitySecret: former === null ? null : sealSecret(former, formerIdentitySecretPlace(agent.id)),
      formerIdentitySecretExpiresAt: former === null ? null : end,
    };
    await audit(transaction, principal, 'AGENT_IDENTITY_SECRET_ROTATED', agent);
    const rotated = await writeAgent(transaction, agent, change);
    return done({ agent: rotated, secret });
  });
}

async function endVerifiedSessions({ manager }: Transaction, agent: Agent): Promise<void> {
  await manager.query(
    `delete from visitor_sessions s using visitors v
     where s.workspace_id = $1 and v.workspace_id = $1 and v.id = s.visitor_id and v.agent_id = $2 and v.is_verified`,
    [agent.workspaceId, agent.id],
  );
}
