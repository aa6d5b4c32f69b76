import {
  CONVERSATION_EVENTS,
  CONVERSATION_SIGNALS,
  NOTIFICATION_ADDED,
  ORGANIZATION_EVENTS,
  type SignalView,
  WORKSPACE_EVENTS,
} from '../../support/documents';
import type { Subscribed } from '../../support/api-client';
import { type Scene, write } from '../scene';
import type { Objects } from './objects';

/** What those hear who follow the victims' objects. */
export interface Heard {
  /** All that came since listening began. Then something is said on purpose, and heard: the ears were open. */
  sinceThen(): Promise<unknown[]>;
  stop(): Promise<void>;
}

interface Item {
  readonly __typename: string;
}

export async function listen(scene: Scene, { ids, visitor }: Objects): Promise<Heard> {
  const { people } = scene;
  const events: Subscribed<Item>[] = [
    visitor.subscribe(CONVERSATION_EVENTS, { id: ids.conversation }),
    people.manager.subscribe(ORGANIZATION_EVENTS, { id: ids.organization }),
    people.owner.subscribe(WORKSPACE_EVENTS, { id: ids.workspace }),
  ];
  const signals: Subscribed<SignalView>[] = [
    visitor.subscribe(CONVERSATION_SIGNALS, { id: ids.conversation }),
    people.manager.subscribe(CONVERSATION_SIGNALS, { id: ids.conversation }),
  ];
  const bell = people.operator.subscribe<Item>(NOTIFICATION_ADDED);
  const isNews = (item: Item): boolean => item.__typename !== 'StreamReady';
  await Promise.all(events.map((feed) => feed.waitFor((item) => !isNews(item))));
  const say = (isTyping: boolean): Promise<unknown> =>
    people.operator.act('setTyping', { conversationId: ids.conversation, isTyping });
  // Signals have no sign of their own that they flow.
  await Promise.all(
    signals.map(async (feed) => {
      while (feed.items.length === 0) {
        await say(true);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }),
  );
  await say(false);
  await Promise.all(signals.map((feed) => feed.waitFor((item) => item.isTyping === false)));
  const before = new Map([...signals, ...events].map((feed) => [feed, feed.items.length]));
  return {
    sinceThen: async () => {
      const all = [...signals, ...events].flatMap((feed) => feed.items.slice(before.get(feed)));
      all.push(...bell.items);
      const text = 'said on purpose';
      await write(visitor, ids.conversation, text);
      await say(true);
      await Promise.all(events.map((feed) => feed.waitFor((item) => JSON.stringify(item).includes(text))));
      await Promise.all(signals.map((feed) => feed.waitFor((item) => item.isTyping === true)));
      return all.filter(isNews);
    },
    stop: async () => {
      await Promise.all([...events, ...signals, bell].map((feed) => feed.stop()));
    },
  };
}
