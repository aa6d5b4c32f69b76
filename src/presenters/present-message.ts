import { encodePublicId } from '../domain/public-id';
import type { Message as MessageRow } from '../entities/message';
import { Message } from '../schema/message';
import { presentAttachments } from './present-attachment';

export function presentMessage(row: MessageRow): Message {
  return Object.assign(new Message(), {
    id: encodePublicId('message', row.id),
    sequence: row.sequence,
    kind: row.kind,
    authorKind: row.authorKind,
    text: row.text,
    attachments: presentAttachments(row),
    createdAt: row.createdAt,
    messageRef: row.id,
    workspaceRef: row.workspaceId,
    conversationRef: row.conversationId,
    authorRef: row.authorUserId,
    handoffRef: row.handoffId,
    storedClientNonce: row.clientNonce,
  });
}
