import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { streamCompletion, type Completion } from './chat-completion';
import { toChatMessages } from './chat-prompt';
import { startDeadline } from './deadline';
import { finishReply } from './reply-text';
import { parseToolArguments, REQUEST_HUMAN, requestHumanTool } from './request-human-tool';
import type { Responder, Turn, TurnContext, TurnOutcome } from './responder';
import { ResponderFailure } from './responder-failure';

export interface OpenAiCompatibleOptions {
  /** With its version segment, such as https://api.example.com/v1. */
  baseUrl: string;
  /** Null sends no Authorization header, for endpoints on one's own machine. */
  apiKey: string | null;
  model: string;
  /** For a whole attempt, both rounds of it; milliseconds, 60,000 unless told. */
  timeoutMs?: number;
  /** Must keep to permitted targets: `createGuardedFetch`. */
  fetch: typeof fetch;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Writes replies with any endpoint that speaks the streaming chat-completions protocol. */
export function createOpenAiCompatibleResponder(options: OpenAiCompatibleOptions): Responder {
  const client = createClient(options);
  return {
    async respond(turn, context) {
      const deadline = startDeadline(context.signal, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      try {
        return await new Exchange(client, options, turn, context, deadline.signal).run();
      } catch (error) {
        if (error instanceof ResponderFailure)
          return { kind: 'FAILED', retryable: error.retryable, detail: error.message };
        throw error;
      } finally {
        deadline.clear();
      }
    },
  };
}

function createClient(options: OpenAiCompatibleOptions): OpenAI {
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'no-api-key',
    // Null, or the package takes them from this server's environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    logLevel: 'off',
    fetch: (url, init) => options.fetch(url, { ...init, redirect: 'manual', headers: headersToSend(options.apiKey) }),
  });
}

/** The package also sends what OPENAI_CUSTOM_HEADERS holds and a description of this machine: neither is a tenant's endpoint's business. */
function headersToSend(apiKey: string | null): Record<string, string> {
  const common = { accept: 'text/event-stream', 'content-type': 'application/json', 'user-agent': 'Baton' };
  return apiKey === null ? common : { ...common, authorization: `Bearer ${apiKey}` };
}

/** One attempt at one turn: a completion, and a second one without tools when the wish for a person was refused. */
class Exchange {
  constructor(
    private readonly client: OpenAI,
    private readonly options: OpenAiCompatibleOptions,
    private readonly turn: Turn,
    private readonly context: TurnContext,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<TurnOutcome> {
    const messages = toChatMessages(this.turn);
    const first = await this.complete(messages, this.turn.mayRequestHuman);
    if (first.toolCalls.length === 0) return toReply(first.text);

    const answers = await this.answerToolCalls(first);
    if (answers === 'HUMAN_REQUESTED') return { kind: 'HUMAN_REQUESTED' };
    const said: ChatCompletionMessageParam = {
      role: 'assistant',
      content: first.text === '' ? null : first.text,
      tool_calls: first.toolCalls,
    };
    if (first.text !== '') this.context.onDelta('\n\n');
    const second = await this.complete([...messages, said, ...answers], false);
    // What came before the refusal ("let me ask somebody") is no answer by itself.
    if (second.text === '') return toReply('');
    // The visitor saw both parts arrive, so the message holds both.
    return toReply(`${first.text}\n\n${second.text}`);
  }

  private complete(messages: ChatCompletionMessageParam[], offerHuman: boolean): Promise<Completion> {
    const tools = offerHuman ? { tools: [requestHumanTool] } : {};
    const request = { model: this.options.model, messages, stream: true as const, ...tools };
    return streamCompletion(this.client, request, this.signal, (text) => {
      this.context.onDelta(text);
    });
  }

  /** One tool result for each call, as the protocol wants it; the person is asked for once at most. */
  private async answerToolCalls(completion: Completion): Promise<'HUMAN_REQUESTED' | ChatCompletionMessageParam[]> {
    const wish = completion.toolCalls.find((call) => call.function.name === REQUEST_HUMAN);
    let explanation = 'There is no such tool. Answer the visitor yourself.';
    if (wish !== undefined) {
      const refusal = await this.askForHuman(wish.function.arguments);
      if (refusal === null) return 'HUMAN_REQUESTED';
      explanation = `No person can be asked for now: ${refusal} Answer the visitor yourself, and tell them so if they asked for a person.`;
    }
    this.signal.throwIfAborted();
    return completion.toolCalls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: explanation }));
  }

  /** Null when a person was asked for, else why not. */
  private async askForHuman(toolArguments: string): Promise<string | null> {
    if (!this.turn.mayRequestHuman) return 'You may not ask for a person in this conversation.';
    const result = await this.context.requestHuman(parseToolArguments(toolArguments));
    return result.granted ? null : result.explanation;
  }
}

function toReply(text: string): TurnOutcome {
  const reply = finishReply(text);
  if (reply === '') throw new ResponderFailure('The model endpoint gave an empty answer.', true);
  return { kind: 'REPLY', text: reply };
}
