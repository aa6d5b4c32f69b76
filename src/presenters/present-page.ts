import type { PageInfo } from '../schema/page-info';
import type { Connection } from '../schema/connection';

interface PageOfRows<Row> {
  readonly rows: readonly { readonly row: Row; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** The two parts of a connection that come from a page: edges with presented nodes, and `pageInfo`. */
export function presentPage<Row, Item extends object>(
  page: PageOfRows<Row>,
  present: (row: Row) => Item,
): Pick<Connection<Item>, 'edges' | 'pageInfo'> {
  const edges = page.rows.map(({ row, cursor }) => ({ cursor, node: present(row) }));
  const pageInfo: PageInfo = {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}
