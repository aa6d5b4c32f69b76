import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** Relay paging. Exactly one of `first` and `last`; neither means `first: 20`. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface Page<Row> {
  readonly rows: readonly { readonly row: Row; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** One column of the order. The last one has to be unique, or a page would skip or repeat rows. */
export interface KeyColumn {
  readonly sql: string;
  readonly type: 'uuid' | 'timestamptz' | 'integer';
  readonly descending: boolean;
}

export interface KeysetQuery<Row extends ObjectLiteral> {
  readonly entity: EntityTarget<Row>;
  /** `conversations c join …`; the entity's table comes under the alias `t`. */
  readonly from: string;
  readonly where: string;
  readonly parameters: readonly unknown[];
  readonly order: readonly KeyColumn[];
}

/** A page request that cannot be answered: the caller's mistake, told with the argument's name. */
export class PageRequestError extends Error {
  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(message);
  }
}

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

/**
 * Reads one page by keyset: the cost does not grow with the depth, and rows that arrive meanwhile neither shift nor
 * repeat others. One statement; reads one row more than asked to know whether there are more.
 */
export async function readPage<Row extends ObjectLiteral>(
  manager: EntityManager,
  query: KeysetQuery<Row>,
  request: PageRequest,
): Promise<Page<Row>> {
  const { size, backwards } = sizeOf(request);
  const parameters = [...query.parameters];
  const conditions = [query.where];
  for (const [argument, cursor, forward] of [
    ['after', request.after, true],
    ['before', request.before, false],
  ] as const) {
    if (cursor == null) continue;
    conditions.push(beyond(query.order, decodeCursor(query.order, cursor, argument), forward, parameters));
  }
  const order = query.order.map((key) => `${key.sql} ${key.descending !== backwards ? 'desc' : 'asc'}`).join(', ');
  const keys = query.order.map((key, index) => `(${key.sql})::text as key_${index}`).join(', ');
  const raw = await manager.query<Record<string, unknown>[]>(
    `select t.*, ${keys} from ${query.from} where ${conditions.join(' and ')} order by ${order} limit ${size + 1}`,
    parameters,
  );
  const more = raw.length > size;
  const rows = raw.slice(0, size).map((columns) => ({
    row: toEntity(manager, query.entity, columns),
    cursor: encodeCursor(query.order.map((_, index) => columns[`key_${index}`])),
  }));
  if (backwards) rows.reverse();
  return backwards
    ? { rows, hasPreviousPage: more, hasNextPage: request.before != null }
    : { rows, hasNextPage: more, hasPreviousPage: request.after != null };
}

/** Turns a raw row into the entity's object: the same property names, only the entity's own columns. */
export function toEntity<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  columns: Readonly<Record<string, unknown>>,
): Row {
  const metadata = manager.dataSource.getMetadata(entity);
  const row = metadata.create() as Record<string, unknown>;
  for (const column of metadata.columns) row[column.propertyName] = columns[column.databaseName];
  return row as unknown as Row;
}

function sizeOf(request: PageRequest): { size: number; backwards: boolean } {
  if (request.first != null && request.last != null) {
    throw new PageRequestError('last', 'Give either `first` or `last`, not both.');
  }
  const backwards = request.last != null;
  const size = request.last ?? request.first ?? DEFAULT_SIZE;
  if (size < 1 || size > MAX_SIZE) {
    throw new PageRequestError(backwards ? 'last' : 'first', `Ask for 1 to ${MAX_SIZE} items a page.`);
  }
  return { size, backwards };
}

/** "Lies beyond the cursor", column by column, since the directions may differ. */
function beyond(
  order: readonly KeyColumn[],
  values: readonly string[],
  forward: boolean,
  parameters: unknown[],
): string {
  const placeholders = order.map((key, index) => {
    parameters.push(values[index]);
    return `$${parameters.length}::${key.type}`;
  });
  const alternatives = order.map((key, index) => {
    const equal = order.slice(0, index).map((earlier, at) => `${earlier.sql} = ${placeholders[at]}`);
    const operator = key.descending === forward ? '<' : '>';
    return `(${[...equal, `${key.sql} ${operator} ${placeholders[index]}`].join(' and ')})`;
  });
  return `(${alternatives.join(' or ')})`;
}

function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

const VALID: Record<KeyColumn['type'], RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d)?$/,
  integer: /^-?\d{1,9}$/,
};

function decodeCursor(order: readonly KeyColumn[], cursor: string, argument: string): string[] {
  const values = parse(cursor);
  const isOfList = values?.length === order.length && order.every((key, index) => fits(key, values[index]));
  if (!isOfList) throw new PageRequestError(argument, 'This cursor is not one of this list. Start again without it.');
  return values.map(String);
}

function fits(key: KeyColumn, value: unknown): boolean {
  if (typeof value !== 'string' || !VALID[key.type].test(value)) return false;
  return key.type !== 'timestamptz' || isMoment(value.slice(0, 19).replace(' ', 'T'));
}

/** No 30 February: PostgreSQL would answer a forged cursor with an error of its own. */
function isMoment(text: string): boolean {
  const time = Date.parse(`${text}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function parse(cursor: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
