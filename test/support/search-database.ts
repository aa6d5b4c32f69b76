import type { DataSource } from 'typeorm';

const COLUMNS = `
  select quote_ident(table_schema) || '.' || quote_ident(table_name) as "table", column_name as column from information_schema.columns c join information_schema.tables t
    using (table_schema, table_name)
  where t.table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;

/** "schema.table.column" of everything in the database that shows one of the texts, whatever its type. */
export async function columnsWith(source: DataSource, ...texts: string[]): Promise<string[]> {
  const columns = await source.query<{ table: string; column: string }[]>(COLUMNS);
  const forms = texts.flatMap((text) => [
    text,
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('base64'),
  ]);
  const found: string[] = [];
  for (const { table, column } of columns) {
    const sql = `select 1 from ${table} where exists (
      select from unnest($1::text[]) as form where position(form in "${column}"::text) > 0) limit 1`;
    if ((await source.query<unknown[]>(sql, [forms])).length > 0) found.push(`${table}.${column}`);
  }
  return found.sort();
}
