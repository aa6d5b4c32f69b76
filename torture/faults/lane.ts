import type { Socket } from 'node:net';

interface Piece {
  /** Null: the sender has said its last byte. */
  readonly bytes: Buffer | null;
  readonly dueAt: number;
}

/** One direction of one connection. Bytes keep their order, whatever happens to them on the way. */
export class Lane {
  private readonly waiting: Piece[] = [];
  private alarm: NodeJS.Timeout | null = null;
  private isHeld = false;
  private isClosed = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly delayMs: () => number,
  ) {
    from.on('data', (bytes: Buffer) => this.take(bytes));
    from.on('end', () => this.take(null));
    to.on('drain', () => {
      if (!this.isHeld) from.resume();
    });
  }

  /** Nothing comes through, and what is sent meanwhile waits in the system's buffers, as behind a cable that is out. */
  hold(): void {
    this.isHeld = true;
    this.from.pause();
  }

  release(): void {
    this.isHeld = false;
    this.forward();
    this.from.resume();
  }

  /** The receiver is told that no more will come, and no more comes; the other direction stays open. */
  closeHalf(): void {
    this.isClosed = true;
    this.waiting.length = 0;
    this.to.end();
  }

  private take(bytes: Buffer | null): void {
    if (this.isClosed) return;
    this.waiting.push({ bytes, dueAt: performance.now() + this.delayMs() });
    this.forward();
  }

  private forward(): void {
    for (let piece = this.waiting[0]; piece !== undefined && !this.isHeld; piece = this.waiting[0]) {
      const early = piece.dueAt - performance.now();
      if (early > 0) {
        this.alarm ??= setTimeout(() => this.ring(), early);
        return;
      }
      this.waiting.shift();
      if (piece.bytes === null) this.to.end();
      else if (!this.to.write(piece.bytes)) this.from.pause();
    }
  }

  private ring(): void {
    this.alarm = null;
    if (!this.to.destroyed) this.forward();
  }
}
