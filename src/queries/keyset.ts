import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { askByKeptPlan } from '../database/prepared';
import { decodeCursor, type KeyColumn, PageRequestError, PlacedRow } from './cursors';
import { type ArraysAnswer, arraysIn, selectArrays } from './narrow-rows';
import { type RowReading, WHOLE_ROWS } from './read-columns';
import { toEntity } from './rows';
import { StatementNames } from './statement-names';

/** Relay paging. Exactly one of `first` and `last`; neither means `first: 20`. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface Page<Row> {
  readonly rows: readonly PlacedRow<Row>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface KeysetQuery<Row extends ObjectLiteral> {
  readonly entity: EntityTarget<Row>;
  /** `conversations t`, perhaps with joins; the entity's table comes under the alias `t`. */
  readonly from: string;
  readonly where: string;
  readonly parameters: readonly unknown[];
  readonly order: readonly KeyColumn[];
  /**
   * Rows to read a page for each, that `where` names: `unnest($3::text[]) lane (status)`. An index that begins with the
   * status has each lane in order, and no index has several at once: PostgreSQL would sort all of them.
   */
  readonly lanes?: string;
  /** Whether one plan does for all values. Not where a value decides how much is found, as what is searched for does. */
  readonly keepsPlan?: boolean;
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
  reading: RowReading = WHOLE_ROWS,
): Promise<Page<Row>> {
  const bounds = boundsOf(query.order, request);
  const parameters = [...query.parameters];
  const between = bounds.cursors.map(({ values, forward }) => beyond(query.order, values, forward, parameters));
  const sql = pageSql({ ...query, where: [query.where, ...between].join(' and ') }, bounds);
  return fetchPage(manager, query, bounds, { sql, parameters }, reading);
}

/** How much of a list is asked for. */
export interface Bounds {
  readonly size: number;
  readonly backwards: boolean;
  readonly request: PageRequest;
  /** The rows lie beyond all of these; `forward` tells in which direction. */
  readonly cursors: readonly { readonly values: readonly string[]; readonly forward: boolean }[];
}

/** Throws PageRequestError. */
export function boundsOf(order: readonly KeyColumn[], request: PageRequest): Bounds {
  const { after, before } = request;
  const cursors = [
    ...(after == null ? [] : [{ values: decodeCursor(order, after, 'after'), forward: true }]),
    ...(before == null ? [] : [{ values: decodeCursor(order, before, 'before'), forward: false }]),
  ];
  const { size, backwards } = sizeOf(request);
  return { size, backwards, request, cursors };
}

/**
 * Selects `t.*` of one row more than asked, with the keys of the order: `key_0` and on to sort by, and `cursor_0` and on
 * as text, which keeps the microseconds that a Date would lose.
 */
export function pageSql(
  { from, where, order, lanes }: Pick<KeysetQuery<ObjectLiteral>, 'from' | 'where' | 'order' | 'lanes'>,
  bounds: Pick<Bounds, 'size' | 'backwards'>,
): string {
  const keys = order
    .map((key, index) => `${key.sql} as key_${index}, (${key.sql})::text as cursor_${index}`)
    .join(', ');
  const limit = `limit ${bounds.size + 1}`;
  const page = `select t.*, ${keys} from ${from} where ${where} order by ${orderBy(order, bounds, ({ sql }) => sql)} ${limit}`;
  if (lanes === undefined) return page;
  return `select page.* from ${lanes} cross join lateral (${page}) page ${merged(order, bounds)}`;
}

/** What puts rows of several ordered selections into one order. */
export function merged(order: readonly KeyColumn[], bounds: Pick<Bounds, 'size' | 'backwards'>): string {
  return `order by ${orderByKeys(order, bounds)} limit ${bounds.size + 1}`;
}

function orderByKeys(order: readonly KeyColumn[], bounds: Pick<Bounds, 'backwards'>): string {
  return orderBy(order, bounds, (_, index) => `key_${index}`);
}

function orderBy(
  order: readonly KeyColumn[],
  { backwards }: Pick<Bounds, 'backwards'>,
  nameOf: (key: KeyColumn, index: number) => string,
): string {
  const keys = order.map((key, index) => ({ key, name: nameOf(key, index) })).filter(({ key }) => key.isFixed !== true);
  return keys.map(({ key, name }) => `${name} ${key.descending !== backwards ? 'desc' : 'asc'}`).join(', ');
}

interface PageSelection {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** The page that a statement selects as `pageSql` does, with what it knows of each row's place. */
export async function fetchPage<Row extends ObjectLiteral>(
  manager: EntityManager,
  query: Pick<KeysetQuery<Row>, 'entity' | 'order' | 'keepsPlan'>,
  bounds: Bounds,
  selection: PageSelection,
  reading: RowReading,
): Promise<Page<Row>> {
  const { size, backwards, request } = bounds;
  const fetched = await fetchRows(manager, query, bounds, selection, reading);
  const more = fetched.length > size;
  const rows = fetched.slice(0, size);
  if (backwards) rows.reverse();
  return backwards
    ? { rows, hasPreviousPage: more, hasNextPage: request.before != null }
    : { rows, hasNextPage: more, hasPreviousPage: request.after != null };
}

/** Of a connection each takes 110 KB, and 580 by urgency, for each role (pg_backend_memory_contexts). */
const names = new StatementNames('page', 20);

async function fetchRows<Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, order, keepsPlan = false }: Pick<KeysetQuery<Row>, 'entity' | 'order' | 'keepsPlan'>,
  bounds: Bounds,
  { sql, parameters }: PageSelection,
  reading: RowReading,
): Promise<PlacedRow<Row>[]> {
  const metadata = manager.dataSource.getMetadata(entity);
  const narrow = reading.narrow(metadata);
  const cursors = order.map((_, index) => `cursor_${index}`);
  if (narrow === null) {
    const raw = await manager.query<Record<string, unknown>[]>(sql, parameters);
    return raw.map((columns) => {
      const row = reading.whole(metadata, toEntity(manager, entity, columns));
      const place = cursors.map((cursor) => columns[cursor]);
      return new PlacedRow(row, place);
    });
  }
  const columns = [...cursors, narrow.of('page')].join(', ');
  const text = selectArrays(columns, { from: `from (${sql}) page`, orderBy: orderByKeys(order, bounds) });
  const name = keepsPlan ? names.nameOf(text) : null;
  const answer = await askByKeptPlan<ArraysAnswer>(manager, { name, text }, parameters);
  return arraysIn(answer).map((row) => {
    const place = row.slice(0, cursors.length);
    return new PlacedRow(narrow.rowFrom(row, cursors.length) as Row, place);
  });
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

/**
 * "Lies beyond the cursor". In one direction that is a comparison of rows, which an index seeks; where directions
 * differ, an index seeks by the first column alone.
 */
export function beyond(
  keys: readonly KeyColumn[],
  cursor: readonly string[],
  forward: boolean,
  parameters: unknown[],
): string {
  const order = keys.filter(({ isFixed }) => isFixed !== true);
  const values = cursor.filter((_, index) => keys[index]?.isFixed !== true);
  const placeholders = order.map((key, index) => `$${parameters.push(values[index])}::${key.type}`);
  const operatorOf = (key: KeyColumn): string => (key.descending === forward ? '<' : '>');
  const [first] = order;
  if (first === undefined) return 'true';
  if (order.every(({ descending }) => descending === first.descending)) {
    return `(${order.map(({ sql }) => sql).join(', ')}) ${operatorOf(first)} (${placeholders.join(', ')})`;
  }
  const alternatives = order.map((key, index) => {
    const equal = order.slice(0, index).map((earlier, at) => `${earlier.sql} = ${placeholders[at]}`);
    return `(${[...equal, `${key.sql} ${operatorOf(key)} ${placeholders[index]}`].join(' and ')})`;
  });
  return `(${first.sql} ${operatorOf(first)}= ${placeholders[0]} and (${alternatives.join(' or ')}))`;
}
