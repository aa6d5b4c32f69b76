import type { Rows } from './row';
import { READS } from './row-reads';
import { WRITES } from './row-writes';

/**
 * One row for each id of each field. Every outsider that a row does not name is to be answered as for an id that does
 * not exist. A field that takes ids of several kinds has a row for each kind, which stands in brackets.
 */
export const ROWS: Rows = { ...READS, ...WRITES };
