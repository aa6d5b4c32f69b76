import type { BenchPostgres } from './postgres';

/**
 * Writes many rows into tables that have their indexes again afterwards, built at once instead of row by row; keys stay
 * meanwhile. Nobody else may use the tables.
 */
export async function withoutIndexes(
  postgres: BenchPostgres,
  tables: readonly string[],
  write: () => Promise<void>,
): Promise<void> {
  const indexes = await postgres.run(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any ($1::regclass[]) and not exists (select from pg_constraint where conindid = indexrelid)`,
    [tables],
  );
  const names = indexes.map(({ name }) => String(name));
  await postgres.run(`drop index ${names.join(', ')}`);
  await write();
  await postgres.run(`set maintenance_work_mem = '512MB'`);
  for (const { definition } of indexes) await postgres.run(String(definition));
  await postgres.run('reset maintenance_work_mem');
}
