import type { Principal } from '../domain/actor';

/** How many there are of each kind, without looking at all of them: it is asked at every upgrade and every sign-in. */
export class Tally {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** One more. Returns what takes it off again, once, however often it is called. */
  add(key: string): () => void {
    this.counts.set(key, this.of(key) + 1);
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      const left = this.of(key) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.counts.delete(key);
    };
  }
}

/** Who it is, whichever session or token was used. */
export function callerOf(principal: Principal): string {
  if (principal.kind === 'USER') return `USER ${principal.userId}`;
  return principal.kind === 'VISITOR' ? `VISITOR ${principal.visitorId}` : `API_KEY ${principal.keyId}`;
}
