import type { Read } from '../database/scope';
import type { EventName, LoggedEvent } from '../domain/events';
import type { EventScope } from '../queries/read-events';

/** What an item of a feed is made from. READY comes first, once for each subscriber. */
export type StreamItem =
  | { readonly kind: 'READY'; readonly cursor: string; readonly recovered: boolean; readonly replayed: number }
  | { readonly kind: 'EVENT'; readonly cursor: string; readonly event: LoggedEvent };

/** Which events, and for whom they are read. */
export interface FeedOptions {
  /** Reads what the subscriber's tenant may see: what was missed. */
  readonly read: Read;
  readonly scope: EventScope;
  readonly names: readonly EventName[];
  /** Events of these agents alone; null for all. */
  readonly agentIds: readonly string[] | null;
  /** Null: from now on; READY then says `recovered: false`, which means nothing without an `after`. */
  readonly after: string | null;
}

/**
 * What a subscription to events asks for, after it was authorized: every event of a scope once and in order, READY
 * first. With `after`, everything behind it follows, or READY says `recovered: false` (unknown, foreign, pruned or
 * future cursor, or more than 300 events behind) and the feed is live only.
 *
 * It is served by `StreamGroups`, together with all equal ones. GraphQL wants an async iterable from a subscription, so
 * it is one by its type alone.
 */
export class EventFeed implements AsyncIterable<never> {
  constructor(
    readonly options: FeedOptions,
    /** Called when it begins to be served; what it returns is called once, when that ends. */
    readonly begin: () => () => void = () => () => undefined,
  ) {}

  [Symbol.asyncIterator](): never {
    throw new Error('A feed of events is served by StreamGroups, not iterated.');
  }
}

/** Whether an event of the feed's scope belongs into it. */
export function isInFeed({ names, agentIds }: Pick<FeedOptions, 'names' | 'agentIds'>, event: LoggedEvent): boolean {
  if (!names.includes(event.name)) return false;
  return agentIds === null || (event.agentId !== null && agentIds.includes(event.agentId));
}

/** Nothing can follow. Who went on listening would also go on counting as watching the conversation. */
export function endsFeed({ scope }: Pick<FeedOptions, 'scope'>, event: LoggedEvent): boolean {
  return event.name === 'CONVERSATION_ERASED' && 'conversationId' in scope;
}
