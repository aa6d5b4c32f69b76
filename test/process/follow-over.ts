import type { Client } from 'graphql-ws';
import { connect } from '../realtime/socket-support';
import { CONVERSATION_EVENTS, type EventView } from '../support/documents';

/** What one subscription to a conversation has received over all its connections. */
export interface FollowedOver {
  readonly seen: readonly EventView[];
  /** Of the messages, in the order in which they came. */
  numbers(): number[];
  /** The code with which each connection ended. */
  readonly closes: readonly number[];
  readonly client: Client;
}

/** The real client as a frontend sets it up: at the first address until that connection ends, then at the next, after its cursor. */
export function followOver(urls: readonly string[], token: string, conversationId: string): FollowedOver {
  const seen: EventView[] = [];
  const closes: number[] = [];
  const client = connect('', {
    url: () => urls[Math.min(closes.length, urls.length - 1)]!.replace('http', 'ws'),
    connectionParams: { authorization: `Bearer ${token}` },
    on: { closed: (event) => closes.push((event as { code: number }).code) },
  });
  const variables = {
    id: conversationId,
    // Read again by the client whenever it subscribes again.
    get after() {
      return seen.at(-1)?.cursor ?? null;
    },
  };
  client.subscribe<{ conversationEvents: EventView }>(
    { query: CONVERSATION_EVENTS, variables },
    { next: ({ data }) => void seen.push(data!.conversationEvents), error: () => undefined, complete: () => undefined },
  );
  const numbers = (): number[] => seen.flatMap(({ message }) => (message === undefined ? [] : [message.sequence]));
  return { seen, numbers, closes, client };
}
