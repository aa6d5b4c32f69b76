import type { DataSource } from 'typeorm';
import {
  formerIdentitySecretPlace,
  identitySecretPlace,
  mailPasswordPlace,
  responderSecretPlace,
  type SecretBox,
  serverSecretPlace,
} from '../domain/secrets';
import { read, SERVER, within } from './scope';

/** Columns that hold sealed text, and how a row of theirs is found again. */
const STORES = [
  { table: 'agents', key: 'id', column: 'responder_secret', placeOf: responderSecretPlace },
  { table: 'agents', key: 'id', column: 'identity_secret', placeOf: identitySecretPlace },
  { table: 'agents', key: 'id', column: 'former_identity_secret', placeOf: formerIdentitySecretPlace },
  { table: 'mail_settings', key: 'workspace_id', column: 'password', placeOf: mailPasswordPlace },
  { table: 'server_secrets', key: 'name', column: 'value', placeOf: serverSecretPlace },
] as const;

interface StoredSecret {
  readonly key: string;
  readonly value: string;
}

/**
 * Seals with the first key what is not: secrets that an older version wrote in clear, and those of a key that has been
 * rotated away. Safe to run in several processes at once, and while secrets are being set: a row is only changed while
 * it holds what was read.
 *
 * @returns how many were sealed, and how many can be opened by no key of this process and were left as they are
 */
export async function sealStoredSecrets(
  source: DataSource,
  box: SecretBox,
): Promise<{ sealed: number; unopened: number }> {
  const count = { sealed: 0, unopened: 0 };
  for (const { table, key, column, placeOf } of STORES) {
    const rows = await read(source, SERVER, (manager) =>
      manager.query<StoredSecret[]>(
        `select ${key}::text as key, ${column} as value from ${table} where not starts_with(${column}, $1)`,
        [box.prefix],
      ),
    );
    for (const row of rows) {
      const place = placeOf(row.key);
      const clear = box.isSealed(row.value) ? box.open(row.value, place) : row.value;
      if (clear === null) {
        count.unopened += 1;
        continue;
      }
      const sealed = box.seal(clear, place);
      await within(source, SERVER, (manager) =>
        manager.query(`update ${table} set ${column} = $3 where ${key}::text = $1 and ${column} = $2`, [
          row.key,
          row.value,
          sealed,
        ]),
      );
      count.sealed += 1;
    }
  }
  return count;
}
