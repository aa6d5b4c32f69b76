/** A row that a foreign key promises. Its absence is a fault of the server, never of the caller. */
export function required<Row>(row: Row | null | undefined, noun: string): Row {
  if (row === null || row === undefined) throw new Error(`A ${noun} that is referred to does not exist.`);
  return row;
}
