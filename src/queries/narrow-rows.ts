import type { EntityMetadata } from 'typeorm';

/** Types of columns that JSON has, or that are easily made of what it has. */
const IN_JSON = new Set<unknown>(['uuid', 'text', 'integer', 'boolean', 'timestamptz', 'jsonb']);

interface NarrowColumn {
  readonly property: string;
  readonly isInstant: boolean;
}

/** What `selectArrays` is answered with. */
export interface ArraysAnswer {
  readonly rows: unknown[][] | null;
}

/** A statement that is answered with all its rows at once, each as an array of `columns`. */
export function selectArrays(columns: string, { from, orderBy }: { from: string; orderBy?: string }): string {
  const order = orderBy === undefined ? '' : ` order by ${orderBy}`;
  return `select json_agg(json_build_array(${columns})${order}) as rows ${from}`;
}

export const arraysIn = ([answer]: readonly ArraysAnswer[]): unknown[][] => answer?.rows ?? [];

/**
 * Rows of an entity with some of its columns, which PostgreSQL hands over as one JSON array a row: less than half of what it
 * costs to read all of them one by one (docs/adr/0051). A column that was not selected throws when it is read.
 */
export class NarrowRows {
  private readonly columns: readonly NarrowColumn[];
  private readonly create: new () => Record<string, unknown>;
  private readonly names: readonly string[];

  /**
   * @param selected names of properties of the entity
   * @param onMiss told when one is read that is none of them, before it throws
   */
  constructor(metadata: EntityMetadata, selected: ReadonlySet<string>, onMiss: () => void) {
    // With the key always, for a row of nothing cannot be selected.
    const columns = metadata.columns.filter(({ propertyName, isPrimary }) => isPrimary || selected.has(propertyName));
    this.names = columns.map(({ databaseName }) => databaseName);
    this.columns = columns.map(({ propertyName, type }) => ({
      property: propertyName,
      isInstant: type === 'timestamptz',
    }));
    const unread = metadata.columns.filter((column) => !columns.includes(column));
    this.create = classWithout(
      unread.map(({ propertyName }) => propertyName),
      metadata.name,
      onMiss,
    );
  }

  /** Whether these columns can be handed over so. */
  static canHave(metadata: EntityMetadata, selected: ReadonlySet<string>): boolean {
    return metadata.columns.every(
      ({ propertyName, type, isArray }) =>
        !selected.has(propertyName) || (IN_JSON.has(type) && !(isArray && type === 'timestamptz')),
    );
  }

  /** What to select, of the table under that alias, for `json_build_array`. */
  of(alias: string): string {
    return this.names.map((name) => `${alias}.${name}`).join(', ');
  }

  /** The row that has its values in such an array, from that place on. */
  rowFrom(values: readonly unknown[], from: number): Record<string, unknown> {
    const row = new this.create();
    let at = from;
    for (const { property, isInstant } of this.columns) {
      const value = values[at];
      row[property] = isInstant && typeof value === 'string' ? new Date(value) : value;
      at += 1;
    }
    return row;
  }
}

function classWithout(unread: readonly string[], noun: string, onMiss: () => void): new () => Record<string, unknown> {
  class Narrow {
    [property: string]: unknown;
  }
  for (const property of unread) {
    Object.defineProperty(Narrow.prototype, property, {
      get: () => {
        onMiss();
        throw new Error(`${noun}.${property} was not selected.`);
      },
    });
  }
  return Narrow;
}
