import { z } from 'zod';
import type { OutgoingResponse } from '../outgoing/exchange';
import type { Outgoing } from '../outgoing/outgoing';
import { OutgoingError } from '../outgoing/outgoing-errors';
import { finishReply } from './reply-text';
import { humanRequestSchema } from './request-human-tool';
import type { HumanRequest, Responder, Turn, TurnContext, TurnOutcome } from './responder';
import { describeFailure, ResponderFailure } from './responder-failure';
import { NO_PERSON_ANSWER } from './script';
import { toWebhookPayload } from './webhook-payload';
import { signWebhook } from './webhook-signature';

export interface WebhookOptions {
  url: string;
  /** See `signWebhook` for how it becomes a key. */
  secret: string;
  request: Outgoing['request'];
  /** Milliseconds for the whole request, 10,000 unless told; who needs longer answers 202 and posts the reply later. */
  timeoutMs?: number;
  now?: () => Date;
}

type Answer =
  | { kind: 'REPLY'; text: string }
  | { kind: 'WANTS_HUMAN'; request: HumanRequest; otherwise: string | null }
  | { kind: 'DEFERRED' };

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Leaves the reply to a tenant's own server: POSTs the turn, signed, and reads the answer from the response.
 * A retried turn carries the same `webhook-id`, so the other side can tell it from a new one.
 */
export function createWebhookResponder(options: WebhookOptions): Responder {
  return {
    async respond(turn, context) {
      context.signal.throwIfAborted();
      try {
        const response = await post(options, turn, context.signal);
        context.signal.throwIfAborted();
        return await settle(readAnswer(response), turn, context);
      } catch (error) {
        if (error instanceof ResponderFailure)
          return { kind: 'FAILED', retryable: error.retryable, detail: error.message };
        throw error;
      }
    },
  };
}

async function post(options: WebhookOptions, turn: Turn, signal: AbortSignal): Promise<OutgoingResponse> {
  const body = JSON.stringify(toWebhookPayload(turn));
  const sentAt = (options.now ?? (() => new Date()))();
  const signature = signWebhook(options.secret, { id: turn.id, sentAt, body });
  try {
    return await options.request({
      url: options.url,
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'Baton', ...signature },
      body,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxResponseBytes: MAX_RESPONSE_BYTES,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OutgoingError)) throw error;
    const retryable = error.reason === 'NETWORK' || error.reason === 'TIMEOUT';
    throw new ResponderFailure(
      describeFailure(`The request to the webhook failed: ${error.message}`, options.secret),
      retryable,
    );
  }
}

const bodySchema = z.object({ reply: z.string().nullish(), requestHuman: humanRequestSchema.nullish() });

function readAnswer(response: OutgoingResponse): Answer {
  const { status } = response;
  if (status === 202 || status === 204) return { kind: 'DEFERRED' };
  if (status !== 200)
    throw new ResponderFailure(`The webhook answered ${String(status)}.`, status >= 500 || status === 429);

  const json = parseJson(response.body);
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) throw unreadable();
  const { reply, requestHuman } = parsed.data;
  const text = finishReply(reply ?? '');
  if (requestHuman) return { kind: 'WANTS_HUMAN', request: requestHuman, otherwise: text === '' ? null : text };
  if (text !== '') return { kind: 'REPLY', text };
  // A misspelt field must not pass for "later": the visitor would wait for ever.
  if (Object.keys(json as object).length === 0) return { kind: 'DEFERRED' };
  throw unreadable();
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw unreadable();
  }
}

function unreadable(): ResponderFailure {
  return new ResponderFailure(
    'The webhook answered 200 without a JSON object that holds a "reply" or "requestHuman".',
    false,
  );
}

async function settle(answer: Answer, turn: Turn, context: TurnContext): Promise<TurnOutcome> {
  if (answer.kind !== 'WANTS_HUMAN') return answer;
  if (turn.mayRequestHuman) {
    const result = await context.requestHuman(answer.request);
    if (result.granted) return { kind: 'HUMAN_REQUESTED' };
    context.signal.throwIfAborted();
  }
  return { kind: 'REPLY', text: answer.otherwise ?? NO_PERSON_ANSWER };
}
