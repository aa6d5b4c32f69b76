import type { Outgoing } from '../outgoing/outgoing';
import { createOpenAiCompatibleResponder } from './openai-compatible';
import type { Responder } from './responder';
import { createScriptedResponder } from './scripted';
import { createWebhookResponder } from './webhook';

/** An agent's responder as it is stored. `instructions` reach the responders with each turn (`turn.agent.instructions`). */
export interface ResponderConfig {
  kind: 'NONE' | 'SCRIPTED' | 'OPENAI_COMPATIBLE' | 'WEBHOOK' | 'API';
  url: string | null;
  model: string | null;
  instructions: string | null;
  /** The API key or the signing secret, in clear. */
  secret: string | null;
}

export interface ResponderDependencies {
  /** `createGuardedFetch`, for model endpoints. */
  fetch: typeof fetch;
  /** `Outgoing.request`, for webhooks. */
  request: Outgoing['request'];
  /** Milliseconds for one attempt at a model endpoint. */
  modelTimeoutMs?: number;
  /** Milliseconds for one webhook request. */
  webhookTimeoutMs?: number;
  now?: () => Date;
}

/** Null where no reply is written here: NONE, and API, whose runtime fetches the turns itself. An incomplete configuration fails each turn. */
export function selectResponder(config: ResponderConfig, dependencies: ResponderDependencies): Responder | null {
  switch (config.kind) {
    case 'NONE':
    case 'API':
      return null;
    case 'SCRIPTED':
      return createScriptedResponder();
    case 'OPENAI_COMPATIBLE':
      return selectModel(config, dependencies);
    case 'WEBHOOK':
      return selectWebhook(config, dependencies);
  }
}

function selectModel(config: ResponderConfig, dependencies: ResponderDependencies): Responder {
  const baseUrl = filled(config.url);
  const model = filled(config.model);
  if (baseUrl === null || model === null) return createIncompleteResponder('a URL and a model');
  const { fetch, modelTimeoutMs: timeoutMs } = dependencies;
  return createOpenAiCompatibleResponder({ baseUrl, apiKey: filled(config.secret), model, timeoutMs, fetch });
}

function selectWebhook(config: ResponderConfig, dependencies: ResponderDependencies): Responder {
  const url = filled(config.url);
  if (url === null || filled(config.secret) === null || config.secret === null)
    return createIncompleteResponder('a URL and a secret');
  const { request, webhookTimeoutMs: timeoutMs, now } = dependencies;
  // Not trimmed: the other side signs with the string that was typed.
  return createWebhookResponder({ url, secret: config.secret, request, timeoutMs, now });
}

function filled(value: string | null): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function createIncompleteResponder(missing: string): Responder {
  return {
    respond: () =>
      Promise.resolve({
        kind: 'FAILED',
        retryable: false,
        detail: `The responder needs ${missing}, which are not set.`,
      }),
  };
}
