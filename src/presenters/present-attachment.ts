import type { AttachedFile, AttachmentState } from '../domain/attachment/attached-file';
import { encodePublicId } from '../domain/public-id';
import { Attachment } from '../schema/attachment';

const NONE: Attachment[] = [];

/** The files of a message or an inquiry, from its own row. */
export function presentAttachments({
  attachments,
  workspaceId,
}: {
  readonly attachments?: readonly AttachedFile[] | null;
  readonly workspaceId: string;
}): Attachment[] {
  if (attachments == null || attachments.length === 0) return NONE;
  return attachments.map((file) => presentAttachment({ ...file, workspaceId, state: 'ATTACHED' }));
}

export function presentAttachment(
  file: AttachedFile & { readonly workspaceId: string; readonly state: AttachmentState },
): Attachment {
  return Object.assign(new Attachment(), {
    id: encodePublicId('attachment', file.id),
    fileName: file.fileName,
    contentType: file.contentType,
    byteSize: file.byteSize,
    state: file.state,
    attachmentRef: file.id,
    workspaceRef: file.workspaceId,
  });
}
