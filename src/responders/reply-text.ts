/** The contract's limit for a message, in code points. */
const MAX_REPLY_CODE_POINTS = 8000;

const ELLIPSIS = '…';

/** What PostgreSQL or the contract would refuse is taken out: NUL is dropped, a lone surrogate becomes U+FFFD. */
function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Trimmed, storable, and cut to 8000 code points (the last of them "…" when something is missing). May be empty. */
export function finishReply(text: string): string {
  const points = Array.from(storable(text).trim());
  if (points.length <= MAX_REPLY_CODE_POINTS) return points.join('');
  return points.slice(0, MAX_REPLY_CODE_POINTS - 1).join('') + ELLIPSIS;
}

/** Collects a reply that arrives in pieces, and passes on no more of it than a message may hold. */
export class ReplyBuffer {
  private collected = '';
  private codePoints = 0;
  private heldBack = '';

  /** More has arrived than a message may hold: there is no use in reading on. */
  get isFull(): boolean {
    return this.codePoints > MAX_REPLY_CODE_POINTS;
  }

  get text(): string {
    return finishReply(this.collected + this.heldBack);
  }

  /** Returns what may be shown of the piece; empty when nothing may. */
  add(piece: string): string {
    let incoming = this.heldBack + piece;
    // A model may cut an emoji between two pieces; half of it alone would be shown as a broken character.
    const last = incoming.charCodeAt(incoming.length - 1);
    this.heldBack = last >= 0xd800 && last <= 0xdbff ? incoming.slice(-1) : '';
    incoming = storable(this.heldBack === '' ? incoming : incoming.slice(0, -1));
    const points = Array.from(incoming);
    const room = Math.max(0, MAX_REPLY_CODE_POINTS - this.codePoints);
    this.collected += incoming;
    this.codePoints += points.length;
    return points.slice(0, room).join('');
  }
}
