import type { DataSource } from 'typeorm';
import { read, SERVER } from '../../src/database/scope';
import type { Render } from '../../src/realtime/backlog';
import { EventFeed, type FeedOptions, type StreamItem } from '../../src/realtime/event-feed';
import type { MemberSink } from '../../src/realtime/member';
import { PushStream } from '../../src/realtime/push-stream';
import type { Membership, Viewing } from '../../src/realtime/stream-groups';
import { takeFrame } from './raw-frames';
import { commitEvents, take, type TestProcess } from './support';

/** Renders an item as it is. */
export const renderPlainly: Render = (items) => Promise.resolve(items.map((item) => Buffer.from(JSON.stringify(item))));

export interface OpenOptions extends Partial<Omit<FeedOptions, 'scope'>> {
  readonly scope: FeedOptions['scope'];
  readonly onOverflow?: () => void;
  readonly begin?: () => () => void;
  readonly viewing?: Partial<Omit<Viewing, 'feed'>>;
}

/** Reads what a group writes to a socket, frame by frame; `isBlocked` is the test's to say. */
export class ItemSink implements MemberSink {
  isOpen = true;
  isBlocked = false;
  hasFailed = false;
  /** How many frames came in each write. */
  readonly writes: number[] = [];
  membership: Membership | null = null;
  private onWritable: (() => void) | null = null;

  constructor(
    readonly items: PushStream<StreamItem>,
    private readonly onOverflow: () => void,
  ) {}

  write(frames: Buffer): void {
    let rest = frames;
    let count = 0;
    for (let frame = takeFrame(rest); frame !== null; frame = takeFrame(rest)) {
      rest = rest.subarray(frame.length);
      count += 1;
      const message = JSON.parse(frame.payload.toString()) as { id: string; type: string; payload: StreamItem };
      if (message.id !== OPERATION || message.type !== 'next')
        throw new Error(`not for us: ${frame.payload.toString()}`);
      this.items.push(message.payload);
    }
    if (rest.length > 0) throw new Error('a frame was cut');
    this.writes.push(count);
  }

  onceWritable(listener: () => void): void {
    this.onWritable = listener;
  }

  unblock(): void {
    this.isBlocked = false;
    this.onWritable?.();
  }

  tooSlow(): void {
    this.onOverflow();
    this.close();
  }

  failed(): void {
    this.hasFailed = true;
    this.close();
  }

  end(): void {
    this.membership?.leave();
    this.items.finish();
  }

  /** As when the connection is gone. */
  private close(): void {
    this.isOpen = false;
    this.membership?.leave();
    this.items.end();
  }
}

const OPERATION = '7f0d6a52-2f7e-4a70-9d0f-5f6a3c1b2e4d';

/** A member of a group of one scope that must not overflow, unless the options say otherwise. */
export function join(process: TestProcess, options: OpenOptions): ItemSink {
  const { viewing, begin, onOverflow = unexpectedOverflow, ...given } = options;
  const feed = new EventFeed(
    {
      read: (work) => read(process.source, SERVER, work),
      names: ['MESSAGE_ADDED'],
      agentIds: null,
      after: null,
      ...given,
    },
    begin,
  );
  const { scope, names, agentIds } = feed.options;
  const items = new PushStream<StreamItem>(() => ({
    start: () => undefined,
    stop: () => sink.membership?.leave(),
  }));
  const sink: ItemSink = new ItemSink(items, onOverflow);
  sink.membership = process.groups.join(
    {
      isPersonal: () => false,
      becomePersonal: () => undefined,
      keyOf: () => JSON.stringify([scope, names, agentIds]),
      renderFor: () => renderPlainly,
      ...viewing,
      feed,
    },
    sink,
    OPERATION,
    OPERATION,
  );
  return sink;
}

function unexpectedOverflow(): void {
  throw new Error('unexpected overflow');
}

/** The same, as a stream of what it gets. */
export function open(process: TestProcess, options: OpenOptions): PushStream<StreamItem> {
  return join(process, options).items;
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
