import { randomBytes } from 'node:crypto';
import { createPostgresStore } from '../attachments/byte-store';
import { receiveUpload } from '../attachments/receive-upload';
import { type AttachmentLinkKind, type AttachmentTokens, linkExpiry } from '../domain/attachment/attachment-link';
import type { AttachedFile } from '../domain/attachment/attached-file';
import { createAttachmentTokens } from '../identity/attachment-tokens';
import { findStoredFile } from '../queries/attachments';
import type { AttachmentLinks } from '../resolvers/request-context';
import { ATTACHMENTS_PATH } from '../server/attachment-endpoint';
import type { AttachmentTransfers } from '../server/attachment-transfers';
import type { Core } from './core';
import { sharedSecret } from './shared-secret';

const IDLE_MS = 15_000;

/** @param origin where clients reach this process; asked late, for the port is not known before it listens */
export async function attachmentLinksOf(core: Core, origin: () => string): Promise<AttachmentLinks> {
  const tokens = await tokensOf(core);
  return (kind: AttachmentLinkKind, workspaceId: string, file: Pick<AttachedFile, 'id' | 'byteSize'>) => {
    const expiresAt = linkExpiry(kind, Date.now());
    const { id: attachmentId, byteSize } = file;
    const token = tokens.of({ kind, workspaceId, attachmentId, byteSize, expiresAt });
    return { url: `${origin()}${ATTACHMENTS_PATH}${token}`, expiresAt };
  };
}

/** What those links lead to. */
export async function attachmentTransfersOf(core: Core): Promise<AttachmentTransfers> {
  const tokens = await tokensOf(core);
  const store = createPostgresStore(core.database);
  return {
    read: (token) => tokens.read(token),
    receive: (link, body) => receiveUpload({ database: core.database, store }, link, body),
    find: (link) => findStoredFile(core.database.source, link),
    store,
    idleMs: IDLE_MS,
  };
}

async function tokensOf({ database, secrets }: Core): Promise<AttachmentTokens> {
  const make = (): string => randomBytes(32).toString('base64url');
  return createAttachmentTokens(await sharedSecret(database.source, secrets, 'attachment-links', make));
}
