import type { DataSource } from 'typeorm';
import { createDataSource } from '../../../src/database/data-source';
import type { Database } from '../../../src/database/database';
import type { Outcome, Refusal } from '../../../src/domain/refusal';
import { createTestDatabase } from '../../support/test-database';

/** A database of its own for a test file, and how to give it back. */
export async function openDatabase(): Promise<Database & { readonly source: DataSource; close(): Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  const source = createDataSource({ url, poolSize: 5, applicationName: 'baton-test' });
  await source.initialize();
  const close = async (): Promise<void> => {
    await source.destroy();
    await drop();
  };
  return { source, afterCommit: () => undefined, close };
}

/** The value of an outcome that must not be a refusal. */
export function accepted<Value>(outcome: Outcome<Value>): Value {
  expect(outcome.refusals).toEqual([]);
  return outcome.value!;
}

/** "CODE path.to.field" of each refusal, for short assertions. */
export function codes(outcome: { readonly refusals: readonly Refusal[] }): string[] {
  return outcome.refusals.map(({ code, path }) => [code, ...(path.length > 0 ? [path.join('.')] : [])].join(' '));
}
