/** What the bearer of a link may do: send the bytes once, or read them. */
export type AttachmentLinkKind = 'UPLOAD' | 'DOWNLOAD';

/** What a link is good for. */
export interface AttachmentLink {
  readonly kind: AttachmentLinkKind;
  readonly workspaceId: string;
  readonly attachmentId: string;
  readonly byteSize: number;
  readonly expiresAt: Date;
}

/** The proofs in links to attachments: whoever has one needs no other credential. Nothing of them is stored. */
export interface AttachmentTokens {
  of(link: AttachmentLink): string;
  /** Null for everything that this server has not written. Whether it is still good, the caller looks. */
  read(token: string): AttachmentLink | null;
}

const UPLOAD_MS = 15 * 60_000;
const DOWNLOAD_MS = 15 * 60_000;
/** Within it a file has the same address for everybody: an event is executed once for many, and caches can work. */
const DOWNLOAD_STEP_MS = 5 * 60_000;

/** When a link that is made now ends. An upload that has begun by then may end later. */
export function linkExpiry(kind: AttachmentLinkKind, nowMs: number): Date {
  if (kind === 'UPLOAD') return new Date(nowMs + UPLOAD_MS);
  return new Date(Math.ceil((nowMs + DOWNLOAD_MS) / DOWNLOAD_STEP_MS) * DOWNLOAD_STEP_MS);
}
