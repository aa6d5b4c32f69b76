import { type Refusal, refusal } from '../../domain/refusal';

/** How a command asks whether a URL may be saved. Looks the name up: never inside of a transaction, never for a stranger. */
export interface TargetCheck {
  /** Null: https, and a public address. */
  readonly checkTarget: (url: string) => Promise<null | { readonly message: string }>;
}

/**
 * Refuses a picture that lies in a private network or has no encryption: every mail and every page would make the
 * browsers of other people ask there. The server itself never fetches pictures, so it does not look what is behind.
 */
export async function refuseUnsafeUrl(
  { checkTarget }: TargetCheck,
  url: string | null | undefined,
  ...path: string[]
): Promise<Refusal[]> {
  const unsafe = url ? await checkTarget(url) : null;
  return unsafe === null ? [] : [refusal('UNSAFE_URL', unsafe.message, ...path)];
}
