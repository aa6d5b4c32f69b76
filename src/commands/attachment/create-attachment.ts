import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import {
  type AttachmentLimits,
  checkNewAttachment,
  checkRoom,
  type NewAttachment,
} from '../../domain/attachment/check-attachment';
import { typeOfName } from '../../domain/attachment/attachment-types';
import { type Uploader, uploaderOf } from '../../domain/attachment/uploader';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, notFound, type Outcome, refused } from '../../domain/refusal';
import { Attachment } from '../../entities/attachment';
import { lockVisible } from '../conversation/locked-conversation';

export interface CreateAttachment extends NewAttachment {
  readonly conversationId: string;
}

/**
 * Makes room for a file that the caller wants to send in the conversation, whether or not it may write there at this
 * moment: that is decided when it is sent. What is never sent is swept after a day.
 */
export async function createAttachment(
  database: Database,
  principal: Principal,
  input: CreateAttachment,
  limits: AttachmentLimits,
): Promise<Outcome<Attachment>> {
  const invalid = checkNewAttachment(input, limits);
  const type = typeOfName(input.fileName.trim());
  if (invalid.length > 0 || type === null) return refused(invalid);
  return transact(database, principal, async (transaction) => {
    const conversation = await lockVisible(transaction, principal, input.conversationId);
    if (conversation === null) return refused(notFound('conversation', 'conversationId'));
    const uploader = uploaderOf(principal, conversation.row);
    if (uploader === null) {
      const unauthorized = forbidden('Only who may write in this conversation can attach to it.', 'conversationId');
      return refused(refuseImpersonator(principal, 'operate') ?? unauthorized);
    }
    // Under the lock, so that two at once do not both find the last place.
    const full = checkRoom(
      input.byteSize,
      await readHeldFiles(transaction.manager, conversation.row.id, uploader),
      limits,
    );
    if (full.length > 0) return refused(full);
    const attachment = await transaction.rows(Attachment, conversation.row.workspaceId).insert({
      ...uploader,
      id: newId(),
      conversationId: conversation.row.id,
      fileName: input.fileName.trim(),
      contentType: type.contentType,
      byteSize: input.byteSize,
      state: 'PENDING',
      attempt: 0,
      messageId: null,
      createdAt: conversation.now,
    });
    return done(attachment);
  });
}

/** How much the files of a conversation are together, and how many of them this author has not sent. */
export async function readHeldFiles(
  manager: EntityManager,
  conversationId: string,
  { authorKind, authorUserId }: Uploader,
): Promise<{ bytes: number; unattached: number }> {
  const [row] = await manager.query<{ bytes: string; unattached: number }[]>(
    `select coalesce(sum(byte_size), 0) as bytes, count(*) filter (where message_id is null and author_kind = $2
       and author_user_id is not distinct from $3::uuid)::int as unattached
     from attachments where conversation_id = $1`,
    [conversationId, authorKind, authorUserId],
  );
  return { bytes: Number(row?.bytes), unattached: row?.unattached ?? 0 };
}
