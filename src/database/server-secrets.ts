import type { DataSource } from 'typeorm';

/**
 * A secret that all processes of an installation share and the first one makes. Two that start at once agree: the
 * second insert does nothing, and both read what is stored.
 */
export async function serverSecret(source: DataSource, name: string, make: () => string): Promise<string> {
  await source.query('insert into server_secrets (name, value) values ($1, $2) on conflict (name) do nothing', [
    name,
    make(),
  ]);
  const [row] = await source.query<{ value: string }[]>('select value from server_secrets where name = $1', [name]);
  if (row === undefined) throw new Error(`The server secret ${name} was not stored.`);
  return row.value;
}
