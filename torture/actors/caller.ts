import { setTimeout as delay } from 'node:timers/promises';
import type { Recorder } from '../history/recorder';
import type { Chance } from '../random';
import { type Mutation, mutationDocument, type Payload } from './documents';

interface Response {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** What came of a mutation, after all of its retries. */
export type Answer =
  | { readonly kind: 'DONE'; readonly payload: Payload }
  | { readonly kind: 'REFUSED'; readonly codes: readonly string[]; readonly payload: Payload }
  /** Nobody answered in the end: it may have happened, or not. */
  | { readonly kind: 'UNKNOWN' };

/** Longer than anything takes on a busy machine, shorter than what a person waits for. */
const TIMEOUT_MS = 4_000;
/** Ahead of the faults nothing has to be tried again, and hashing five passwords takes its time. */
const SETUP_TIMEOUT_MS = 60_000;
/** A client that keeps the nonce may try for ever; about a minute is what it has. */
const MOST_ATTEMPTS = 25;
/** A file is a few hundred kilobytes at most. */
const TRANSFER_TIMEOUT_MS = 6_000;

/** What came back for a file. */
export interface Transferred {
  readonly status: number;
  readonly bytes: Buffer;
}

export interface CallerOptions {
  readonly urls: readonly string[];
  readonly token: string | null;
  readonly chance: Chance;
  readonly recorder: Recorder;
  /** Aborted when the run is over and nobody is left to answer. */
  readonly over: AbortSignal;
}

/** Somebody with a credential, over HTTP, who tries again with the very same input at whichever API answers. */
export class Caller {
  constructor(private readonly options: CallerOptions) {}

  as(token: string): Caller {
    return new Caller({ ...this.options, token });
  }

  /** A mutation with its retries, counted as one operation. */
  async call(mutation: Mutation, input: Readonly<Record<string, unknown>>): Promise<Answer> {
    const { recorder } = this.options;
    const [payload] = (await this.persist(() => this.attempt(mutation, input, TIMEOUT_MS))) ?? [];
    if (payload === undefined) {
      recorder.count(mutation, 'failed');
      return { kind: 'UNKNOWN' };
    }
    const codes = payload.userErrors.map(({ code }) => code);
    recorder.count(mutation, codes.length > 0 ? 'refused' : 'ok');
    return codes.length > 0 ? { kind: 'REFUSED', codes, payload } : { kind: 'DONE', payload };
  }

  /** What a query's one root field says, null included; undefined when nobody answered in the end. */
  async ask<Value>(name: string, query: string, id: string): Promise<Value | null | undefined> {
    const { recorder } = this.options;
    const [data] = (await this.persist(() => this.post(name, query, { id }, TIMEOUT_MS))) ?? [];
    recorder.count(name, data === undefined ? 'failed' : 'ok');
    return data === undefined ? undefined : ((Object.values(data)[0] ?? null) as Value | null);
  }

  /** Tries again until `attempt` gives something, or patience or the run ends. */
  async persist<Value>(attempt: () => Promise<Value | null>): Promise<[Value] | null> {
    const { chance, over } = this.options;
    for (let count = 1; count <= MOST_ATTEMPTS && !over.aborted; count += 1) {
      const value = await attempt();
      if (value !== null) return [value];
      await delay(chance.between(50, 150) * Math.min(count, 8));
    }
    return null;
  }

  /** Bytes to or from the address of a file, by whichever API answers. Null: it has to be tried again. */
  async transfer(name: string, address: string, body?: Buffer): Promise<Transferred | null> {
    const { recorder, over } = this.options;
    const { pathname } = new URL(address);
    try {
      const response = await fetch(new URL(pathname, this.url()), {
        method: body === undefined ? 'GET' : 'PUT',
        // A copy: what Buffer.subarray shows is part of something larger.
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
        signal: AbortSignal.any([AbortSignal.timeout(TRANSFER_TIMEOUT_MS), over]),
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    } catch (error) {
      recorder.trouble(`${name}: ${reasonOf(error)}`);
      return null;
    }
  }

  /** For what must succeed, once: how a run is set up. */
  async must(mutation: Mutation, input: Readonly<Record<string, unknown>>): Promise<Payload> {
    const payload = await this.attempt(mutation, input, SETUP_TIMEOUT_MS);
    if (payload === null) throw new Error(`${mutation}: nobody answered`);
    if (payload.userErrors.length > 0) throw new Error(`${mutation}: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  /** Null when it has to be tried again. */
  private async attempt(
    mutation: Mutation,
    input: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ): Promise<Payload | null> {
    const data = await this.post(mutation, mutationDocument(mutation), { input }, timeoutMs);
    return (data?.[mutation] as Payload | null | undefined) ?? null;
  }

  private url(): string {
    const { urls, chance } = this.options;
    return urls[chance.between(0, urls.length - 1)] ?? '';
  }

  /** The data of one operation; null when there is none, or not all of it. */
  private async post(
    name: string,
    query: string,
    variables: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ): Promise<Readonly<Record<string, unknown>> | null> {
    const { token, recorder, over } = this.options;
    try {
      const response = await fetch(this.url(), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), over]),
      });
      const { data, errors } = (await response.json()) as Response;
      if (data != null && errors === undefined) return data;
      recorder.trouble(
        `${name}: ${errors?.map(({ message, extensions }) => `${extensions?.code ?? ''} ${message}`).join() ?? 'no data'}`,
      );
    } catch (error) {
      recorder.trouble(`${name}: ${reasonOf(error)}`);
    }
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? error.name;
}
