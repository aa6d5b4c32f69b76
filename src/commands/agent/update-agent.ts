import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkName } from '../../domain/validation/name';
import { givenValues, refuseNulls, whenSet } from '../../domain/validation/patch';
import { checkOrigin, checkWebAddress } from '../../domain/validation/web-address';
import type { Agent } from '../../entities/agent';
import { refuseUnsafeChange, type TargetCheck } from '../organization/refuse-unsafe-url';
import { refuseStaleVersion } from '../organization/stale-version';
import { lockManagedAgent, saveAgent } from './managed-agent';

/** Left out keeps the value; null takes the picture away. */
export interface UpdateAgent {
  readonly id: string;
  readonly displayName?: string | null;
  readonly avatarUrl?: string | null;
  readonly allowedOrigins?: readonly string[] | null;
  readonly identityVerificationRequired?: boolean | null;
  readonly expectedVersion?: number | null;
}

const MAX_ORIGINS = 100;

/** Changes an agent's own fields. Takes MANAGE_AGENT_SETTINGS for it; STALE_VERSION carries the row as it is now. */
export async function updateAgent(
  database: Database,
  principal: Principal,
  input: UpdateAgent,
  targets: TargetCheck,
): Promise<Outcome<Agent>> {
  const lock = (transaction: Transaction): Promise<Outcome<Agent>> => lockAgent(transaction, principal, input);
  const picture = { url: input.avatarUrl, path: ['avatarUrl'], look: () => transact(database, principal, lock) };
  const unsafe = await refuseUnsafeChange(targets, picture);
  if (unsafe !== null) return unsafe;
  return transact(database, principal, async (transaction) => {
    const found = await lock(transaction);
    if (found.value === null) return found;
    const agent = found.value;
    const invalid = refuseWithoutSecret(input, agent);
    if (invalid.length > 0) return refused(invalid);
    const stale = refuseStaleVersion(agent, input.expectedVersion);
    if (stale !== null) return refused(stale, agent);
    return done(await saveAgent(transaction, agent, changeOf(input), { principal, action: 'AGENT_UPDATED' }));
  });
}

/** The agent, for whoever may change it in this way. */
async function lockAgent(transaction: Transaction, principal: Principal, input: UpdateAgent): Promise<Outcome<Agent>> {
  const found = await lockManagedAgent(transaction, principal, input.id, 'id');
  if (found.value === null) return found;
  const invalid = checkInput(input);
  return invalid.length > 0 ? refused(invalid) : found;
}

function changeOf(input: UpdateAgent): Partial<Agent> {
  return givenValues({
    displayName: input.displayName?.trim(),
    avatarUrl: input.avatarUrl,
    allowedOrigins: input.allowedOrigins ? [...new Set(input.allowedOrigins)] : undefined,
    identityVerificationRequired: input.identityVerificationRequired ?? undefined,
  });
}

function checkInput(input: UpdateAgent): Refusal[] {
  return [
    ...refuseNulls(input, ['displayName', 'allowedOrigins', 'identityVerificationRequired']),
    ...whenSet(input.displayName, checkName, 'displayName'),
    ...whenSet(input.avatarUrl, checkWebAddress, 'avatarUrl'),
    ...whenSet(input.allowedOrigins, checkOrigins, 'allowedOrigins'),
  ];
}

/** Otherwise nobody could talk with the agent any more. */
function refuseWithoutSecret(input: UpdateAgent, agent: Agent): Refusal[] {
  if (input.identityVerificationRequired !== true || agent.identitySecret !== null) return [];
  const message = 'There is nothing yet to sign identities with: make a secret first with rotateIdentitySecret.';
  return [refusal('INVALID', message, 'identityVerificationRequired')];
}

function checkOrigins(origins: readonly string[], ...path: string[]): Refusal[] {
  if (origins.length > MAX_ORIGINS)
    return [refusal('LIMIT_EXCEEDED', `An agent can have at most ${MAX_ORIGINS} origins.`, ...path)];
  return origins.flatMap((origin, index) => checkOrigin(origin, ...path, String(index)));
}
