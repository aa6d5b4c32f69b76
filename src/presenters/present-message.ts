import { encodePublicId } from '../domain/public-id';
import type { Message as MessageRow } from '../entities/message';
import { Message } from '../schema/message';
import { presentAttachments } from './present-attachment';
import { presenter } from './presenter';

export const presentMessage = presenter<MessageRow, Message>(Message, {
  id: ({ id }) => encodePublicId('message', id),
  sequence: ({ sequence }) => sequence,
  kind: ({ kind }) => kind,
  authorKind: ({ authorKind }) => authorKind,
  text: ({ text }) => text,
  attachments: (row) => presentAttachments(row),
  createdAt: ({ createdAt }) => createdAt,
  messageRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  conversationRef: ({ conversationId }) => conversationId,
  authorRef: ({ authorUserId }) => authorUserId,
  handoffRef: ({ handoffId }) => handoffId,
  storedClientNonce: ({ clientNonce }) => clientNonce,
});
