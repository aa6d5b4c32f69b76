import { APIConnectionError, APIError, type OpenAI } from 'openai';
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageFunctionToolCall,
} from 'openai/resources/chat/completions';
import { z } from 'zod';
import { UnsafeTargetError } from '../outgoing/outgoing-errors';
import { ReplyBuffer } from './reply-text';
import { describeFailure, ResponderFailure } from './responder-failure';

export interface Completion {
  text: string;
  toolCalls: ChatCompletionMessageFunctionToolCall[];
}

/** The part of a chunk that is read, as loosely as endpoints write it: some leave out `index`, `delta` or whole `choices`. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().int().nullish(),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;
type ToolCallPart = NonNullable<NonNullable<NonNullable<Chunk['choices']>[number]['delta']>['tool_calls']>[number];

/**
 * Runs one streamed completion; every piece of text goes to `onDelta`. Throws ResponderFailure when the endpoint
 * fails, and the signal's reason when it aborts; the connection is closed in both cases.
 */
export async function streamCompletion(
  client: OpenAI,
  request: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
  onDelta: (text: string) => void,
): Promise<Completion> {
  const reply = new ReplyBuffer();
  const toolCalls = new Map<number, ChatCompletionMessageFunctionToolCall>();
  let finished = false;
  for await (const chunk of readChunks(client, request, signal)) {
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    const shown = reply.add(choice.delta?.content ?? '');
    if (shown !== '') onDelta(shown);
    for (const part of choice.delta?.tool_calls ?? []) addToolCallPart(toolCalls, part);
    finished ||= (choice.finish_reason ?? null) !== null;
    if (reply.isFull) return { text: reply.text, toolCalls: [] };
  }
  // Without this, a connection that a proxy closed tidily in the middle would look like a complete answer.
  if (!finished) throw new ResponderFailure('The answer of the model endpoint ended before it was complete.', true);
  return { text: reply.text, toolCalls: [...toolCalls.values()] };
}

/** Leaving the loop early closes the connection. Only what the endpoint does becomes a ResponderFailure, not what the loop's body throws. */
async function* readChunks(
  client: OpenAI,
  request: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  try {
    const stream = await client.chat.completions.create(request, { signal });
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield chunkSchema.parse(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw toFailure(error, client.apiKey);
  }
  // The package ends an aborted stream as if it were complete.
  signal.throwIfAborted();
}

function addToolCallPart(toolCalls: Map<number, ChatCompletionMessageFunctionToolCall>, part: ToolCallPart): void {
  const index = part.index ?? 0;
  const call = toolCalls.get(index) ?? { id: '', type: 'function', function: { name: '', arguments: '' } };
  call.id ||= part.id ?? '';
  call.function.name += part.function?.name ?? '';
  call.function.arguments += part.function?.arguments ?? '';
  toolCalls.set(index, call);
}

const PASSING_STATUSES = new Set([408, 409, 425, 429]);

function toFailure(error: unknown, secret: string | null): ResponderFailure {
  if (error instanceof APIError && typeof error.status === 'number') {
    const retryable = error.status >= 500 || PASSING_STATUSES.has(error.status);
    return new ResponderFailure(describeFailure(`The model endpoint answered ${error.message}`, secret), retryable);
  }
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    return new ResponderFailure(describeFailure(`The model endpoint broke off: ${error.message}`, secret), true);
  }
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return new ResponderFailure('The model endpoint sent something that is not a chat completion.', true);
  }
  const cause = error instanceof APIConnectionError ? (error.cause ?? error) : error;
  if (cause instanceof UnsafeTargetError)
    return new ResponderFailure(`The model endpoint must not be called: ${cause.message}`, false);
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ResponderFailure(describeFailure(`The connection to the model endpoint failed: ${text}`, secret), true);
}
