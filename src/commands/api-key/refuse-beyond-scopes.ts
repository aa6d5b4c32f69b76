import type { ApiKeyScope, Principal } from '../../domain/actor';
import { scopesBeyond } from '../../domain/policies/scope-policy';
import { forbidden, type Refusal } from '../../domain/refusal';

/** Refuses the secret of a key that can do more than the key that asks for it; null: it may have it. */
export function refuseBeyondScopes(
  principal: Principal,
  key: { readonly agentId: string | null; readonly scopes: readonly ApiKeyScope[] },
  ...path: string[]
): Refusal | null {
  const beyond = scopesBeyond(principal, key);
  if (beyond.length === 0) return null;
  return forbidden(`Your own key has not the scopes that this takes: ${beyond.join(', ')}.`, ...path);
}
