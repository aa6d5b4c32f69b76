import { setTimeout as delay } from 'node:timers/promises';
import type { EventView } from '../support/documents';
import { type GraphqlSocket, openGraphqlSocket } from './graphql-socket';

export interface ResumingFeedOptions {
  /** Asked for each connection. */
  readonly url: () => string;
  readonly token: string;
  readonly document: string;
  readonly id: string;
}

/** One stream over connection after connection, each `after` the newest cursor of a whole frame, as the contract asks. */
export class ResumingFeed {
  /** Everything but READY. */
  readonly items: EventView[] = [];
  readonly readies: EventView[] = [];
  readonly errors: unknown[] = [];
  readonly codes: number[] = [];
  /** How many of the items are messages. */
  messages = 0;
  private cursor: string | null = null;
  private isStopped = false;
  private socket: GraphqlSocket | null = null;
  private running: Promise<void> | null = null;

  constructor(private readonly options: ResumingFeedOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** Gives up the connection that there is; the next one follows. */
  reconnect(): void {
    this.socket?.terminate();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.socket?.terminate();
    await this.running;
  }

  texts(): string[] {
    return this.items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
  }

  private async run(): Promise<void> {
    const { url, token, document, id } = this.options;
    while (!this.isStopped) {
      const socket = openGraphqlSocket(url(), token);
      this.socket = socket;
      if (await socket.acknowledged) {
        const operation = socket.subscribe<EventView>(document, { id, after: this.cursor }, (item) => this.take(item));
        this.codes.push(await socket.closed);
        this.errors.push(...operation.errors);
      }
      // A server that is gone would be asked without end, and nothing else would get a turn.
      else await delay(5);
    }
  }

  private take(item: EventView): void {
    this.cursor = item.cursor;
    if (item.message !== undefined) this.messages += 1;
    (item.__typename === 'StreamReady' ? this.readies : this.items).push(item);
  }
}
