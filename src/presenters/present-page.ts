import type { PageInfo } from '../schema/page-info';
import type { Connection } from '../schema/connection';

interface PageOfRows<Row> {
  readonly rows: readonly { readonly row: Row; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

class PageEdge<Item> {
  constructor(
    private readonly placed: { readonly cursor: string },
    readonly node: Item,
  ) {}

  get cursor(): string {
    return this.placed.cursor;
  }
}

/** The two parts of a connection that come from a page: edges with presented nodes, and `pageInfo`. */
export function presentPage<Row, Item extends object>(
  page: PageOfRows<Row>,
  present: (row: Row) => Item,
): Pick<Connection<Item>, 'edges' | 'pageInfo'> {
  const edges = page.rows.map((placed) => new PageEdge(placed, present(placed.row)));
  const pageInfo: PageInfo = {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.rows[0]?.cursor ?? null,
    endCursor: page.rows.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}
