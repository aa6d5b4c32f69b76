import { setTimeout as delay } from 'node:timers/promises';
import type { Recorder } from '../history/recorder';
import type { Chance } from '../random';
import { type Mutation, mutationDocument, type Payload } from './documents';

interface Response {
  readonly data?: Readonly<Record<string, Payload | null>> | null;
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
    const { recorder, chance, over } = this.options;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !over.aborted; attempt += 1) {
      const payload = await this.attempt(mutation, input, TIMEOUT_MS);
      if (payload === null) {
        await delay(chance.between(50, 150) * Math.min(attempt, 8));
        continue;
      }
      const codes = payload.userErrors.map(({ code }) => code);
      recorder.count(mutation, codes.length > 0 ? 'refused' : 'ok');
      return codes.length > 0 ? { kind: 'REFUSED', codes, payload } : { kind: 'DONE', payload };
    }
    recorder.count(mutation, 'failed');
    return { kind: 'UNKNOWN' };
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
    const { urls, token, chance, recorder, over } = this.options;
    const url = urls[chance.between(0, urls.length - 1)] ?? '';
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: mutationDocument(mutation), variables: { input } }),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), over]),
      });
      const { data, errors } = (await response.json()) as Response;
      const payload = data?.[mutation] ?? null;
      if (payload !== null && errors === undefined) return payload;
      recorder.trouble(
        `${mutation}: ${errors?.map(({ message, extensions }) => `${extensions?.code ?? ''} ${message}`).join() ?? 'no payload'}`,
      );
    } catch (error) {
      recorder.trouble(`${mutation}: ${reasonOf(error)}`);
    }
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? error.name;
}
