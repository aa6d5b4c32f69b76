/** An inquiry of the conversation that the transcript is of. */
export interface InquiryAddress {
  readonly email: string;
  readonly name: string | null;
  readonly isAnswered: boolean;
}

export interface TranscriptAddress {
  readonly email: string;
  readonly name: string | null;
}

/**
 * Where a transcript goes: to an address that the conversation carries already, never to one that is given with the
 * request. What an anonymous visitor has typed counts for the visitor only once an operator has written there: otherwise
 * anybody could have Baton mail what they like to whom they like. An operator who looks at the conversation decides that.
 *
 * @param inquiries newest first
 * @returns null: there is none that may be used
 */
export function transcriptAddress(
  visitor: { readonly displayName: string | null; readonly email: string | null; readonly isVerified: boolean },
  inquiries: readonly InquiryAddress[],
  asVisitor: boolean,
): TranscriptAddress | null {
  const own = visitor.email === null ? null : { email: visitor.email, name: visitor.displayName };
  if (own !== null && visitor.isVerified) return own;
  const inquiry = inquiries.find(({ isAnswered }) => isAnswered || !asVisitor);
  if (inquiry !== undefined) return { email: inquiry.email, name: inquiry.name ?? visitor.displayName };
  return asVisitor ? null : own;
}
