import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Lane } from './lane';

/** Which way: from whoever connects to whom it wants, or back. */
export type Direction = 'FORTH' | 'BACK';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly lanes: Readonly<Record<Direction, Lane>>;
}

/**
 * A TCP proxy on a loopback port that can fail in the ways in which networks do. Who uses it finds the same port for as long
 * as the run lasts, while what is behind it may die and come back on another one.
 */
export class Link {
  private readonly pairs = new Set<Pair>();
  /** Connections that came while nothing passes. */
  private readonly parked = new Set<Socket>();
  private isHeld = false;
  private delayMs = 0;
  /** The port behind it; null while nobody is there, and connections are refused. */
  target: number | null = null;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (near: Socket) => this.accept(near));
  }

  static async open(): Promise<Link> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server, (server.address() as AddressInfo).port);
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Resets every connection, as a proxy does that is restarted. New ones may come at once. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.pairs.clear();
  }

  /** From now on nothing passes and nobody is told. Connections are still accepted, and hear nothing. */
  blackHole(): void {
    this.isHeld = true;
    for (const { lanes } of this.pairs) this.bothOf(lanes, (lane) => lane.hold());
  }

  /** Ends a black hole: what was underway arrives late. */
  heal(): void {
    this.isHeld = false;
    for (const { lanes } of this.pairs) this.bothOf(lanes, (lane) => lane.release());
    for (const near of this.parked) this.join(near);
    this.parked.clear();
  }

  /** Every piece takes so long, in each direction, from now on; 0 ends it. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Closes one direction of every connection: its receiver reads the end, and may go on writing. */
  halfClose(direction: Direction): void {
    for (const { lanes } of this.pairs) lanes[direction].closeHalf();
  }

  async close(): Promise<void> {
    this.server.close();
    this.cut();
    for (const near of this.parked) near.destroy();
    if (this.server.listening) await once(this.server, 'close');
  }

  private accept(near: Socket): void {
    near.on('error', () => near.destroy());
    if (!this.isHeld) {
      this.join(near);
      return;
    }
    this.parked.add(near);
    near.once('close', () => this.parked.delete(near));
  }

  private join(near: Socket): void {
    if (this.target === null || near.destroyed) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const delayMs = (): number => this.delayMs;
    const pair = { near, far, lanes: { FORTH: new Lane(near, far, delayMs), BACK: new Lane(far, near, delayMs) } };
    this.pairs.add(pair);
    if (this.isHeld) this.bothOf(pair.lanes, (lane) => lane.hold());
    far.on('error', () => near.resetAndDestroy());
    near.on('error', () => far.resetAndDestroy());
    // A half that has ended both ways takes the other one along; what it still has to write goes out first.
    near.once('close', () => this.leave(pair, far));
    far.once('close', () => this.leave(pair, near));
  }

  private leave(pair: Pair, other: Socket): void {
    this.pairs.delete(pair);
    other.destroySoon();
  }

  private bothOf(lanes: Pair['lanes'], work: (lane: Lane) => void): void {
    work(lanes.FORTH);
    work(lanes.BACK);
  }
}
