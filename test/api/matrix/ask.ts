import { openRaw } from '../../realtime/socket-support';
import { until } from '../../realtime/support';
import type { GraphqlResponse } from '../../support/api-client';
import { postJson } from '../../support/post-json';
import type { IdField } from './id-fields';
import { CELL_HEADER } from './statements';

export type Variables = Readonly<Record<string, unknown>>;

export interface Answer extends GraphqlResponse {
  /** Of HTTP; of a socket whether it was acknowledged. */
  readonly status: number;
}

/** Somebody who asks, over whatever carries the field. */
export interface Asker {
  /** `nudge` makes something happen that a stream tells of, should it be open. */
  ask(cell: string, field: IdField, variables: Variables, nudge?: () => Promise<unknown>): Promise<Answer>;
  close(): void;
}

type Raw = Awaited<ReturnType<typeof openRaw>>;

export function createAsker(url: string, token: string | null): Asker {
  let socket: Promise<Raw | null> | null = null;
  return {
    ask: async (cell, field, variables, nudge) => {
      if (field.kind !== 'subscription') return post(url, token, { cell, query: field.document, variables });
      return subscribe(await (socket ??= connect(url, token)), { cell, query: field.document, variables }, nudge);
    },
    close: () => void socket?.then((raw) => raw?.socket.terminate()),
  };
}

interface Question {
  readonly cell: string;
  readonly query: string;
  readonly variables: Variables;
}

async function post(url: string, token: string | null, { cell, query, variables }: Question): Promise<Answer> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const { status, body } = await postJson(url, { [CELL_HEADER]: cell, ...authorization }, { query, variables });
  return { status, ...(body as GraphqlResponse) };
}

/** Null when the credential is refused. */
async function connect(url: string, token: string | null): Promise<Raw | null> {
  const raw = await openRaw(url.replace('http', 'ws'));
  raw.send({ type: 'connection_init', payload: token === null ? {} : { authorization: `Bearer ${token}` } });
  await until(
    'an answer to connection_init',
    () => raw.received.length > 0 || raw.socket.readyState !== raw.socket.OPEN,
  );
  if (raw.socket.readyState === raw.socket.OPEN) return raw;
  const { code } = await raw.closed;
  if (code !== 4401) throw new Error(`The socket was closed with ${String(code)}.`);
  return null;
}

/** The first thing that a subscription is answered with; then it is ended. */
async function subscribe(
  raw: Raw | null,
  { cell, query, variables }: Question,
  nudge: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Answer> {
  if (raw === null) return { status: 4401, errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] };
  raw.send({ type: 'subscribe', id: cell, payload: { query, variables } });
  const answer = (): Record<string, unknown> | undefined => raw.received.find(({ id }) => id === cell);
  await until(`an answer to ${cell}`, async () => {
    if (raw.socket.readyState === raw.socket.CLOSED) {
      throw new Error(`The socket was closed before ${cell} was answered: ${JSON.stringify(await raw.closed)}`);
    }
    return answer() ?? (await nudge(), answer());
  });
  const { type, payload } = answer()!;
  if (type === 'error') return { status: 200, errors: payload as GraphqlResponse['errors'] };
  raw.send({ type: 'complete', id: cell });
  return { status: 200, ...(payload as GraphqlResponse) };
}
