import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { type Prepared, preparedIn } from '../database/prepared';
import { type ArraysAnswer, arraysIn, selectArrays } from './narrow-rows';
import type { RowReading } from './read-columns';
import { StatementNames } from './statement-names';

/** What a row is selected by: `from`, with the entity's table under the alias `t`, and what else of it is needed. */
export interface RowsQuery {
  /** Of the statement, which is prepared under it: the same for the same text alone. */
  readonly name: string;
  /** Columns beside the entity's own, with a comma before each. */
  readonly also?: string;
  readonly from: string;
}

/** A row as its entity, and with the columns beside it. */
export interface RowOf<Row> {
  readonly row: Row;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Reads rows of an entity by a prepared statement: what is asked again and again with other ids. */
export async function readRows<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  query: RowsQuery,
  values: unknown[],
): Promise<RowOf<Row>[]> {
  const ask = await preparedIn(manager);
  const statement = statementOf(manager.dataSource.getMetadata(entity), query);
  const raw = await ask<Record<string, unknown>>(statement, values);
  return raw.map((columns) => ({ row: toEntity(manager, entity, columns), columns }));
}

/** Of a connection each takes some 20 KB, for each role. */
const names = new StatementNames('narrow', 200);

/** As `readRows`, without other columns, and with as few of the entity's own as `reading` needs. */
export async function readEntities<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  query: Omit<RowsQuery, 'also'>,
  values: unknown[],
  reading: RowReading,
): Promise<Row[]> {
  const metadata = manager.dataSource.getMetadata(entity);
  const narrow = reading.narrow(metadata);
  if (narrow === null) {
    const rows = await readRows(manager, entity, query, values);
    return rows.map(({ row }) => reading.whole(metadata, row));
  }
  const ask = await preparedIn(manager);
  const text = selectArrays(narrow.of('t'), query);
  const answer = await ask<ArraysAnswer>({ name: names.nameOf(text), text }, values);
  return arraysIn(answer).map((columns) => narrow.rowFrom(columns, 0) as Row);
}

/** Turns a raw row into the entity's object: the same property names, only the entity's own columns. */
export function toEntity<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  columns: Readonly<Record<string, unknown>>,
): Row {
  const { create, columns: own } = shapeOf(manager.dataSource.getMetadata(entity));
  const row = create();
  for (const { property, column } of own) row[property] = columns[column];
  return row as unknown as Row;
}

interface Shape {
  readonly create: () => Record<string, unknown>;
  readonly columns: readonly { readonly property: string; readonly column: string }[];
  readonly statements: Map<string, Prepared>;
}

/** What TypeORM knows of an entity, found out once instead of with every row. */
const shapes = new WeakMap<EntityMetadata, Shape>();

function shapeOf(metadata: EntityMetadata): Shape {
  const known = shapes.get(metadata);
  if (known !== undefined) return known;
  const { target } = metadata;
  if (typeof target !== 'function') throw new Error(`${metadata.name} has no class.`);
  const shape: Shape = {
    create: () => new (target as new () => Record<string, unknown>)(),
    columns: metadata.columns.map(({ propertyName, databaseName }) => ({
      property: propertyName,
      column: databaseName,
    })),
    statements: new Map(),
  };
  shapes.set(metadata, shape);
  return shape;
}

function statementOf(metadata: EntityMetadata, { name, also = '', from }: RowsQuery): Prepared {
  const { columns, statements } = shapeOf(metadata);
  const known = statements.get(name);
  if (known !== undefined) return known;
  const own = columns.map(({ column }) => `t.${column}`).join(', ');
  const statement = { name, text: `select ${own}${also} ${from}` };
  statements.set(name, statement);
  return statement;
}
