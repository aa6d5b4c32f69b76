import { v7 } from 'uuid';

/** A UUIDv7: new rows land at the end of their index, and "newest first" is "id desc". */
export function newId(): string {
  return v7();
}
