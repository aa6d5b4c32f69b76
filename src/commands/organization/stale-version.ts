import { type Refusal, refusal } from '../../domain/refusal';

/** STALE_VERSION when the caller names a version and it is not the present one. */
export function refuseStaleVersion(
  row: { readonly version: number },
  expected: number | null | undefined,
): Refusal | null {
  if (expected === null || expected === undefined || expected === row.version) return null;
  const message = `Somebody has changed this since you read it: its version is now ${row.version}. Read it again before you save.`;
  return refusal('STALE_VERSION', message, 'expectedVersion');
}
