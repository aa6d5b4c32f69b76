import type { EntityManager, ObjectLiteral } from 'typeorm';
import {
  beyond,
  type Bounds,
  boundsOf,
  fetchPage,
  type KeysetQuery,
  merged,
  type Page,
  type PageRequest,
  pageSql,
} from './keyset';
import type { RowReading } from './read-columns';

/** A part of a list, all of whose rows have the same first key. */
export interface Rank extends Pick<KeysetQuery<ObjectLiteral>, 'from' | 'where' | 'order' | 'lanes'> {
  readonly rank: number;
}

/**
 * Reads a page of a list whose first key no index has, for it depends on who reads: each rank is read by itself, from an
 * index that has it in order, and only if those before it have not filled the page.
 *
 * @param query the list as a whole, for its keys and parameters
 * @param ranks in the order of the list; no row is of two
 */
export async function readRankedPage<Row extends ObjectLiteral>(
  manager: EntityManager,
  query: Pick<KeysetQuery<Row>, 'entity' | 'order' | 'parameters' | 'keepsPlan'>,
  ranks: readonly Rank[],
  request: PageRequest,
  reading: RowReading,
): Promise<Page<Row>> {
  const bounds = boundsOf(query.order, request);
  const parameters = [...query.parameters];
  const asked = (bounds.backwards ? [...ranks].reverse() : ranks).map((rank) => ({
    ...rank,
    where: [rank.where, ...betweenCursors(ranks, rank, bounds, parameters)].join(' and '),
  }));
  const parts = asked.map((rank, index) => {
    const earlier = asked.slice(0, index).map((other) => `(select count(*) from rank_${other.rank})`);
    const isNeeded = index === 0 ? 'true' : `${earlier.join(' + ')} <= ${bounds.size}`;
    // A condition that names no column of the selection: PostgreSQL looks at it first, and then not at the selection.
    return `rank_${rank.rank} as materialized (select page.* from (${pageSql(rank, bounds)}) page where ${isNeeded})`;
  });
  const all = asked.map(({ rank }) => `select * from rank_${rank}`).join(' union all ');
  const sql = `with ${parts.join(', ')} select * from (${all}) page ${merged(query.order, bounds)}`;
  return fetchPage(manager, query, bounds, { sql, parameters }, reading);
}

/** What of a rank lies between the cursors: all of it, a part, or nothing. */
function betweenCursors(
  ranks: readonly Rank[],
  { rank, order }: Rank,
  { cursors }: Bounds,
  parameters: unknown[],
): string[] {
  const placeOf = (wanted: number): number => ranks.findIndex((other) => other.rank === wanted);
  const conditions: string[] = [];
  for (const { values, forward } of cursors) {
    const distance = placeOf(rank) - placeOf(Number(values[0]));
    if (distance === 0) conditions.push(beyond(order, values, forward, parameters));
    // The statement keeps its shape, and PostgreSQL does not read what cannot be.
    else if (distance > 0 !== forward) conditions.push('false');
  }
  return conditions;
}
