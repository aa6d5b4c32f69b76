import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** Rows of one table. Each has a value, or null, for the same columns. */
export interface Rows {
  readonly entity: EntityTarget<ObjectLiteral>;
  readonly rows: readonly object[];
}

/** Rows of several tables in one statement, in whatever order: foreign keys are looked at when it ends. */
export async function insertAll(manager: EntityManager, tables: readonly Rows[]): Promise<void> {
  const inserts = tables.map(({ entity, rows }, at) => {
    const { tableName, columns } = manager.dataSource.getMetadata(entity);
    const given = columns.filter(({ propertyName }) => Object.hasOwn(rows[0]!, propertyName));
    const names = given.map(({ databaseName }) => `"${databaseName}"`).join(', ');
    const values = rows.map((row) =>
      Object.fromEntries(given.map((column) => [column.databaseName, asJson(column.getEntityValue(row))])),
    );
    const from = `jsonb_populate_recordset(null::"${tableName}", $${at + 1}::jsonb)`;
    return {
      text: `i${at} as (insert into "${tableName}" (${names}) select ${names} from ${from})`,
      values: JSON.stringify(values),
    };
  });
  await manager.query(
    `with ${inserts.map(({ text }) => text).join(', ')} select 1`,
    inserts.map(({ values }) => values),
  );
}

/** As PostgreSQL reads it from JSON. */
function asJson(value: unknown): unknown {
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
}
