const ROW = Symbol('row');

/** Those that every object of the class has: fields that resolvers answer are optional. */
type Own<Item> = {
  [Name in keyof Item as Partial<Pick<Item, Name>> extends Pick<Item, Name> ? never : Name]: Item[Name];
};

type FieldsOf<Row, Item> = { readonly [Name in keyof Own<Item>]: (row: Row) => Item[Name] } & {
  readonly [Name in keyof Item]?: (row: Row) => Item[Name];
};

/**
 * Presents rows as objects of an API type. Each field is made of the row when it is read, and only then: a list reads few
 * of them, and so few columns (docs/adr/0051). They are no own properties, so a copy of such an object has none of them.
 */
export function presenter<Row extends object, Item extends object>(
  type: new () => Item,
  fields: FieldsOf<Row, Item>,
): (row: Row) => Item {
  class Presented {
    readonly [ROW]: Row;
    constructor(row: Row) {
      this[ROW] = row;
    }
  }
  Object.setPrototypeOf(Presented.prototype, type.prototype as object);
  // The schema finds the type of an object by this.
  Object.defineProperty(Presented.prototype, 'constructor', { value: type });
  for (const [name, make] of Object.entries<(row: Row) => unknown>(fields)) {
    Object.defineProperty(Presented.prototype, name, {
      get(this: Presented) {
        return make(this[ROW]);
      },
    });
  }
  return (row) => new Presented(row) as unknown as Item;
}
