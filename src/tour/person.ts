import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Feed } from './feed';
import type { Tone } from './paint';
import { TourError } from './tour-error';

export interface UserError {
  readonly code: string;
  readonly message: string;
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Somebody with a credential of the public API: HTTP for queries and mutations, one socket for everything live. */
export class Person {
  private readonly client: Client;

  constructor(
    readonly name: string,
    readonly tone: Tone,
    private readonly url: string,
    private readonly token: string | null,
  ) {
    this.client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
      // A socket that breaks in these few seconds is a finding, and not to be hidden by a retry.
      retryAttempts: 0,
    });
  }

  /** The value of the document's one root field. `Value` is what the tour expects of its own document. */
  async ask<Value>(document: string, variables: Record<string, unknown>): Promise<Value> {
    const { data, errors } = await this.post(document, variables);
    if (errors !== undefined)
      throw new TourError(`${this.name} got an error: ${errors.map((e) => e.message).join('; ')}`);
    const [value] = Object.values(data ?? {});
    if (value == null) throw new TourError(`${this.name} asked for something and got nothing: ${firstLine(document)}`);
    return value as Value;
  }

  /** A mutation that must not be refused. */
  async act<Payload>(document: string, input: Record<string, unknown>): Promise<Payload> {
    const payload = await this.ask<Payload & { userErrors: readonly UserError[] }>(document, { input });
    const [refusal] = payload.userErrors;
    if (refusal === undefined) return payload;
    throw new TourError(`${this.name} was refused with ${refusal.code}: ${refusal.message} (${firstLine(document)})`);
  }

  follow<Item>(document: string, variables: Record<string, unknown> = {}): Feed<Item> {
    return new Feed(this.client, document, variables);
  }

  async leave(): Promise<void> {
    await this.client.dispose();
  }

  private async post(document: string, variables: Record<string, unknown>): Promise<Answer> {
    const headers = {
      'content-type': 'application/json',
      ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
    };
    const response = await reach(this.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document, variables }),
    });
    try {
      return (await response.json()) as Answer;
    } catch {
      throw new TourError(`${this.url} does not answer like Baton. Is another server on that port?`);
    }
  }
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch {
    throw new TourError(`nobody answers at ${url}. Start it with \`npm start\` first.`);
  }
}

function firstLine(document: string): string {
  return document.trim().split('\n')[0] ?? '';
}
