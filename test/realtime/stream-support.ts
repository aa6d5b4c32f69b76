import type { DataSource } from 'typeorm';
import { read, SERVER } from '../../src/database/scope';
import { type EventStreamOptions, openEventStream, type StreamItem } from '../../src/realtime/event-stream';
import { commitEvents, take, type TestProcess } from './support';

/** A stream of messages of one scope that must not overflow, unless the options say otherwise. */
export function open(process: TestProcess, options: Partial<EventStreamOptions> & Pick<EventStreamOptions, 'scope'>) {
  const onOverflow = () => {
    throw new Error('unexpected overflow');
  };
  return openEventStream(process.hub, {
    read: (work) => read(process.source, SERVER, work),
    names: ['MESSAGE_ADDED'],
    agentIds: null,
    after: null,
    onOverflow,
    ...options,
  });
}

/** Commits events and wakes the dispatcher, as a command does. */
export async function writeEvents(
  process: TestProcess,
  place: Parameters<typeof commitEvents>[1],
  first: number,
  count = 1,
): Promise<void> {
  await commitEvents(process.source, place, first, count);
  process.dispatcher.kick();
}

export function numbers(items: readonly StreamItem[]): unknown[] {
  return items.map((item) => (item.kind === 'EVENT' ? item.event.snapshot?.n : item.kind));
}

/** A stream at its first item; the cursor is where it begins. */
export async function ready(stream: AsyncIterableIterator<StreamItem>) {
  const [item] = await take(stream, 1);
  if (item?.kind !== 'READY') throw new Error('the first item was not READY');
  return item;
}

export async function countOf(source: DataSource, conversationId: string): Promise<number> {
  const [row] = await source.query('select count(*)::int as count from events where conversation_id = $1', [
    conversationId,
  ]);
  return row.count;
}
