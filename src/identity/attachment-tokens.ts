import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AttachmentLink, AttachmentLinkKind, AttachmentTokens } from '../domain/attachment/attachment-link';
import { bytesToUuid, UUID_BYTES, uuidToBytes } from './uuid-bytes';

const PREFIXES: Readonly<Record<AttachmentLinkKind, string>> = { UPLOAD: 'bat_au_', DOWNLOAD: 'bat_ad_' };
/** Workspace, attachment, size and the second of its end. */
const CLAIM_BYTES = 2 * UUID_BYTES + 4 + 4;
const FORM = /^(bat_a[ud]_)([\w-]{96})$/;

/**
 * @param secret shared by every process of an installation; with another one, links that are out stop working
 */
export function createAttachmentTokens(secret: string): AttachmentTokens {
  const macOf = (kind: AttachmentLinkKind, claims: Buffer): Buffer =>
    createHmac('sha256', secret).update(`ATTACHMENT_${kind}:`).update(claims).digest();
  return {
    of: (link) => {
      const claims = toClaims(link);
      return PREFIXES[link.kind] + Buffer.concat([claims, macOf(link.kind, claims)]).toString('base64url');
    },
    read: (token) => {
      const [, prefix, text = ''] = FORM.exec(token) ?? [];
      const bytes = Buffer.from(text, 'base64url');
      const kind = prefix === PREFIXES.UPLOAD ? 'UPLOAD' : 'DOWNLOAD';
      const claims = bytes.subarray(0, CLAIM_BYTES);
      const mac = bytes.subarray(CLAIM_BYTES);
      const own = macOf(kind, claims);
      return mac.length === own.length && timingSafeEqual(mac, own) ? { kind, ...fromClaims(claims) } : null;
    },
  };
}

function toClaims({ workspaceId, attachmentId, byteSize, expiresAt }: AttachmentLink): Buffer {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(byteSize, 0);
  numbers.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000), 4);
  return Buffer.concat([uuidToBytes(workspaceId), uuidToBytes(attachmentId), numbers]);
}

function fromClaims(claims: Buffer): Omit<AttachmentLink, 'kind'> {
  return {
    workspaceId: bytesToUuid(claims.subarray(0, UUID_BYTES)),
    attachmentId: bytesToUuid(claims.subarray(UUID_BYTES, 2 * UUID_BYTES)),
    byteSize: claims.readUInt32BE(2 * UUID_BYTES),
    expiresAt: new Date(claims.readUInt32BE(2 * UUID_BYTES + 4) * 1000),
  };
}
