import type { DataSource } from 'typeorm';
import { type SecretBox, serverSecretPlace } from '../domain/secrets';
import { SERVER, within } from './scope';

/**
 * A secret that all processes of an installation share and the first one makes. Two that start at once agree: the
 * second insert does nothing, and both read what is stored. It is stored sealed.
 *
 * @returns null when what is stored cannot be opened with the keys of this process
 */
export async function serverSecret(
  source: DataSource,
  box: SecretBox,
  name: string,
  make: () => string,
): Promise<string | null> {
  const place = serverSecretPlace(name);
  const [row] = await within(source, SERVER, async (manager) => {
    const made = [name, box.seal(make(), place)];
    await manager.query('insert into server_secrets (name, value) values ($1, $2) on conflict (name) do nothing', made);
    return manager.query<{ value: string }[]>('select value from server_secrets where name = $1', [name]);
  });
  if (row === undefined) throw new Error(`The server secret ${name} was not stored.`);
  return box.open(row.value, place);
}
