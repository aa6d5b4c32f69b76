import { In, IsNull } from 'typeorm';
import type { Transaction } from '../../database/transact';
import type { AttachedFile } from '../../domain/attachment/attached-file';
import type { Uploader } from '../../domain/attachment/uploader';
import { notFound, type Refusal, refusal } from '../../domain/refusal';
import { Attachment } from '../../entities/attachment';
import type { Conversation } from '../../entities/conversation';
import type { Message } from '../../entities/message';

/** A conversation under its row lock: of two messages that name one file, the second one finds it taken. */
interface Locked {
  readonly transaction: Transaction;
  readonly row: Conversation;
}

type FoundFiles =
  | { readonly ok: true; readonly files: readonly AttachedFile[] | null }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * The files that a message is to carry, in the order named, locked until the end of the transaction. Each has to be
 * uploaded, in this conversation, by the same author, and part of no message. None named costs nothing.
 */
export async function findFiles(
  { transaction, row }: Locked,
  { authorKind, authorUserId }: Uploader,
  ids: readonly string[] | undefined,
): Promise<FoundFiles> {
  if (ids === undefined || ids.length === 0) return { ok: true, files: null };
  const named = [...new Set(ids)];
  const found = await transaction.manager.find(Attachment, {
    where: {
      workspaceId: row.workspaceId,
      conversationId: row.id,
      authorKind,
      authorUserId: authorUserId ?? IsNull(),
      id: In(named),
    },
    lock: { mode: 'pessimistic_write' },
  });
  const rows = new Map(found.map((attachment) => [attachment.id, attachment]));
  const refusals = named.flatMap((id, index) => whyNot(rows.get(id), ['attachmentIds', String(index)]));
  if (refusals.length > 0) return { ok: false, refusals };
  return { ok: true, files: named.flatMap((id) => fileOf(rows.get(id))) };
}

function whyNot(attachment: Attachment | undefined, path: readonly string[]): Refusal[] {
  switch (attachment?.state) {
    case undefined:
      // Somebody else's too, in this conversation or another one.
      return [notFound('attachment', ...path)];
    case 'PENDING':
      return [refusal('INVALID_TRANSITION', 'This file has not arrived yet: PUT it to its address first.', ...path)];
    case 'ATTACHED':
      return [refusal('CONFLICT', 'This file went with another message already. Upload it again.', ...path)];
    case 'UPLOADED':
      return [];
  }
}

function fileOf(attachment: Attachment | undefined): AttachedFile[] {
  if (attachment === undefined) return [];
  const { id, fileName, contentType, byteSize } = attachment;
  return [{ id, fileName, contentType, byteSize }];
}

/** Gives its files to a message that has just been written: from now on they are nobody else's. */
export async function attachFiles(
  { transaction, row }: Locked,
  { id: messageId, attachments: files }: Pick<Message, 'id' | 'attachments'>,
): Promise<void> {
  if (files === null) return;
  const attached = await transaction
    .rows(Attachment, row.workspaceId)
    .update({ id: In(files.map(({ id }) => id)), state: 'UPLOADED' }, { state: 'ATTACHED', messageId });
  if (attached !== files.length) throw new Error('A file was attached twice in spite of its lock.');
}
