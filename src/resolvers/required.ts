import { missingObject } from './request-errors';

/** At once where everything is there already: a promise for each of fifty rows costs more than its row. */
export type Soon<Result> = Result | Promise<Result>;

/** A row that a foreign key promises. Its absence is a fault of the server, never of the caller. */
export function required<Row>(row: Row | null | undefined, noun: string): Row {
  if (row === null || row === undefined) throw new Error(`A ${noun} that is referred to does not exist.`);
  return row;
}

/** A row that goes when its visitor is erased: between two reads of one operation it may honestly be gone. Throws NOT_FOUND. */
export function stillThere<Row>(row: Row | null | undefined, noun: string): Row {
  if (row === null || row === undefined) throw missingObject(noun);
  return row;
}
