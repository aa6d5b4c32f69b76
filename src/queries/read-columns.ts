import type { EntityMetadata } from 'typeorm';
import { NarrowRows } from './narrow-rows';

/** How one execution reads the rows of its pages and of what they lead to. */
export interface RowReading {
  /** Null: whole rows. */
  narrow(metadata: EntityMetadata): NarrowRows | null;
  /** A whole row that was read, as it is to be handed on. */
  whole<Row extends object>(metadata: EntityMetadata, row: Row): Row;
}

export const WHOLE_ROWS: RowReading = { narrow: () => null, whole: (_metadata, row) => row };

/**
 * Which columns a document reads, found out by watching what it reads of whole rows, so that from then on no others are
 * selected. What that has not shown, such as the other way of an `if`, is noticed when it is read: the answer is thrown
 * away, and made anew of whole rows that are watched (docs/adr/0051).
 */
export class ReadColumns {
  private readonly known = new Map<EntityMetadata, Set<string>>();
  private readonly narrowed = new Map<EntityMetadata, NarrowRows | null>();
  private misses = 0;

  /** `execute` may be called twice, so it must change nothing. */
  async answer<Answer>(execute: (rows: RowReading) => Answer | Promise<Answer>): Promise<Answer> {
    const { misses } = this;
    const answer = await this.watch(execute, (metadata) => this.narrowRows(metadata));
    // Perhaps of another execution of this document at the same time: then this one is made twice for nothing.
    return misses === this.misses ? answer : this.watch(execute, () => null);
  }

  private async watch<Answer>(
    execute: (rows: RowReading) => Answer | Promise<Answer>,
    narrow: RowReading['narrow'],
  ): Promise<Answer> {
    const seen = new Map<EntityMetadata, Set<string>>();
    const answer = await execute({ narrow, whole: (metadata, row) => watched(row, metadata, seenOf(seen, metadata)) });
    for (const [metadata, properties] of seen) this.add(metadata, properties);
    return answer;
  }

  private add(metadata: EntityMetadata, properties: ReadonlySet<string>): void {
    this.known.set(metadata, new Set([...(this.known.get(metadata) ?? []), ...properties]));
    this.narrowed.delete(metadata);
  }

  private narrowRows(metadata: EntityMetadata): NarrowRows | null {
    const made = this.narrowed.get(metadata);
    if (made !== undefined) return made;
    const known = this.known.get(metadata);
    if (known === undefined) return null;
    const rows = NarrowRows.canHave(metadata, known)
      ? new NarrowRows(metadata, known, () => {
          this.misses += 1;
        })
      : null;
    this.narrowed.set(metadata, rows);
    return rows;
  }
}

function seenOf(seen: Map<EntityMetadata, Set<string>>, metadata: EntityMetadata): Set<string> {
  const known = seen.get(metadata);
  if (known !== undefined) return known;
  const properties = new Set<string>();
  seen.set(metadata, properties);
  return properties;
}

/** The same row, which notes what is read of it. */
function watched<Row extends object>(row: Row, { columns }: EntityMetadata, seen: Set<string>): Row {
  return new Proxy(row, {
    get: (target, name, receiver): unknown => {
      if (typeof name === 'string' && Object.hasOwn(target, name)) seen.add(name);
      return Reflect.get(target, name, receiver);
    },
    // A copy takes all of them.
    ownKeys: (target) => {
      for (const { propertyName } of columns) seen.add(propertyName);
      return Reflect.ownKeys(target);
    },
  });
}
