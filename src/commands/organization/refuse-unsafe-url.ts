import { type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';

/** How a command asks whether a URL may be saved. Looks the name up: never inside of a transaction, never for a stranger. */
export interface TargetCheck {
  /** Null: https, and a public address. */
  readonly checkTarget: (url: string) => Promise<null | { readonly message: string }>;
}

/**
 * Refuses what lies in a private network or has no encryption. Of a picture because every mail and every page would make
 * the browsers of other people ask there: the server itself never fetches pictures, so it does not look what is behind.
 */
export async function refuseUnsafeUrl(
  { checkTarget }: TargetCheck,
  url: string | null | undefined,
  ...path: string[]
): Promise<Refusal[]> {
  const unsafe = url ? await checkTarget(url) : null;
  return unsafe === null ? [] : [refusal('UNSAFE_URL', unsafe.message, ...path)];
}

interface UrlChange<Row> {
  /** Left out or empty: nothing to ask for. */
  readonly url: string | null | undefined;
  readonly path: readonly string[];
  /** The row, for whoever may change it in this way: a transaction of its own, without a change. */
  readonly look: () => Promise<Outcome<Row>>;
}

/**
 * The same before a change of a row that is there. Looks first: nobody makes the server look up names for what they
 * may not change. Null: go on.
 */
export async function refuseUnsafeChange<Row>(
  targets: TargetCheck,
  { url, path, look }: UrlChange<Row>,
): Promise<Outcome<Row> | null> {
  if (!url) return null;
  const allowed = await look();
  if (allowed.value === null) return allowed;
  const unsafe = await refuseUnsafeUrl(targets, url, ...path);
  return unsafe.length > 0 ? refused(unsafe) : null;
}
