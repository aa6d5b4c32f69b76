/** One column of the order. The last one has to be unique, or a page would skip or repeat rows. */
export interface KeyColumn {
  readonly sql: string;
  readonly type: 'uuid' | 'timestamptz' | 'integer' | 'text';
  readonly descending: boolean;
  /** The same in every row of the selection, so that nothing is sorted or sought by it. */
  readonly isFixed?: boolean;
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

/** A row with its place in the list. */
export class PlacedRow<Row> {
  constructor(
    readonly row: Row,
    private readonly place: readonly unknown[],
  ) {}

  /** Made when it is asked for: a list is mostly read by its nodes. */
  get cursor(): string {
    return Buffer.from(JSON.stringify(this.place)).toString('base64url');
  }
}

const VALID: Record<KeyColumn['type'], RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-](0\d|1[0-5])(:[0-5]\d)?$/,
  integer: /^-?\d{1,9}$/,
  text: /^[^\0]{0,400}$/,
};

/** The keys in a cursor of a list in that order. Throws PageRequestError, with the name of the argument that has it. */
export function decodeCursor(order: readonly KeyColumn[], cursor: string, argument: string): string[] {
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
