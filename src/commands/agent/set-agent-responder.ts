import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import type { ResponderKind } from '../../domain/conversation/responder-kind';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { responderSecretPlace } from '../../domain/secrets';
import { whenSet } from '../../domain/validation/patch';
import { checkLine, checkOptionalText } from '../../domain/validation/text';
import type { Agent } from '../../entities/agent';
import { parseUrl } from '../../domain/validation/parse-url';
import { refuseUnsafeChange, type TargetCheck } from '../organization/refuse-unsafe-url';
import { lockManagedAgent, saveAgent } from './managed-agent';

/** Replaces the earlier choice as a whole. Only `secret` is kept when it is left out and the kind stays the same. */
export interface SetAgentResponder {
  readonly agentId: string;
  readonly kind: ResponderKind;
  readonly url?: string | null;
  readonly model?: string | null;
  readonly instructions?: string | null;
  /** API key (OPENAI_COMPATIBLE, optional) or signing secret (WEBHOOK, needed). Null takes it away. */
  readonly secret?: string | null;
}

export interface SetAgentResponderDependencies extends TargetCheck {
  /** Encrypts a secret for the one row that `place` names. */
  readonly sealSecret: (clear: string, place: string) => string;
}

type Field = 'url' | 'model' | 'instructions' | 'secret';

const FIELDS: Record<ResponderKind, { readonly needed: readonly Field[]; readonly optional: readonly Field[] }> = {
  NONE: { needed: [], optional: [] },
  SCRIPTED: { needed: [], optional: ['instructions'] },
  OPENAI_COMPATIBLE: { needed: ['url', 'model'], optional: ['instructions', 'secret'] },
  WEBHOOK: { needed: ['url', 'secret'], optional: ['instructions'] },
  API: { needed: [], optional: ['instructions'] },
};
const MAX_MODEL = 200;
const MAX_SECRET = 1000;
const MAX_INSTRUCTIONS = 8000;

/** Chooses who writes an agent's replies. Takes MANAGE_AGENT_SETTINGS; UNSAFE_URL for a URL that the server will not call. */
export async function setAgentResponder(
  database: Database,
  principal: Principal,
  input: SetAgentResponder,
  dependencies: SetAgentResponderDependencies,
): Promise<Outcome<Agent>> {
  const lock = (transaction: Transaction): Promise<Outcome<Agent>> => lockAgent(transaction, principal, input);
  const target = { url: input.url, path: ['url'], look: () => transact(database, principal, lock) };
  const unsafe = await refuseUnsafeChange(dependencies, target);
  if (unsafe !== null) return unsafe;
  return transact(database, principal, async (transaction) => {
    const found = await lock(transaction);
    if (found.value === null) return found;
    const by = { principal, action: 'AGENT_RESPONDER_SET' } as const;
    return done(await saveAgent(transaction, found.value, changeOf(input, found.value, dependencies.sealSecret), by));
  });
}

/** The agent, for whoever may set this responder for it. */
async function lockAgent(
  transaction: Transaction,
  principal: Principal,
  input: SetAgentResponder,
): Promise<Outcome<Agent>> {
  const found = await lockManagedAgent(transaction, principal, input.agentId, 'agentId');
  if (found.value === null) return found;
  const invalid = checkInput(input, found.value);
  return invalid.length > 0 ? refused(invalid) : found;
}

function changeOf(
  input: SetAgentResponder,
  agent: Agent,
  sealSecret: SetAgentResponderDependencies['sealSecret'],
): Partial<Agent> {
  return {
    responderKind: input.kind,
    responderUrl: input.url || null,
    responderModel: input.model?.trim() || null,
    responderInstructions: input.instructions || null,
    responderSecret: input.secret ? sealSecret(input.secret, responderSecretPlace(agent.id)) : secretOf(input, agent),
  };
}

/** In clear what is given, sealed what is kept: good to tell whether there is one, and which. */
function secretOf(input: SetAgentResponder, agent: Agent): string | null {
  if (input.secret !== undefined) return input.secret === '' ? null : input.secret;
  return input.kind === agent.responderKind ? agent.responderSecret : null;
}

function checkInput(input: SetAgentResponder, agent: Agent): Refusal[] {
  const refusals = [
    ...checkFields(input, agent),
    // An empty text is what `checkFields` takes for left out.
    ...whenSet(input.model || null, (model) => checkLine(model, MAX_MODEL, 'model')),
    ...whenSet(input.instructions, (text) => checkOptionalText(text, MAX_INSTRUCTIONS, 'instructions')),
    // It travels in a header.
    ...whenSet(input.secret || null, (secret) => checkLine(secret, MAX_SECRET, 'secret')),
  ];
  return refusals.length === 0 ? refuseToMoveSecret(input, agent) : refusals;
}

function checkFields(input: SetAgentResponder, agent: Agent): Refusal[] {
  const { needed, optional } = FIELDS[input.kind];
  const values = { ...input, secret: secretOf(input, agent) };
  return (['url', 'model', 'instructions', 'secret'] as const).flatMap((field) => {
    const isGiven = Boolean(values[field]);
    if (needed.includes(field))
      return isGiven ? [] : [refusal('INVALID', 'A responder of this kind needs this.', field)];
    if (!isGiven || optional.includes(field)) return [];
    return [refusal('INVALID', 'A responder of this kind has no use for this. Leave it out.', field)];
  });
}

/**
 * The secret cannot be read, but it is sent to wherever the URL points: whoever could change the URL alone would have
 * it sent to themselves.
 */
function refuseToMoveSecret(input: SetAgentResponder, agent: Agent): Refusal[] {
  const keepsSecret = input.secret === undefined && secretOf(input, agent) !== null;
  if (!keepsSecret || originOf(input.url) === originOf(agent.responderUrl)) return [];
  return [
    refusal(
      'INVALID',
      'The address is of another host than before: give the secret again, or null for none.',
      'secret',
    ),
  ];
}

/** Null for a text that is no URL, which the check of the target then refuses. */
function originOf(url: string | null | undefined): string | null {
  return url ? (parseUrl(url)?.origin ?? null) : null;
}
