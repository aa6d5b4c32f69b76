import { encodePublicId } from '../domain/public-id';
import type { Conversation as ConversationRow } from '../entities/conversation';
import { Conversation } from '../schema/conversation';

export function presentConversation(row: ConversationRow): Conversation {
  const handoffIsOpen = row.handoffState === 'REQUESTED' || row.handoffState === 'ACCEPTED';
  return Object.assign(new Conversation(), {
    id: encodePublicId('conversation', row.id),
    status: row.status,
    controller: row.controller,
    controlEpoch: row.controlEpoch,
    lastSequence: row.lastSequence,
    // The column is never empty, so that every order by it is total; the field tells whether there is a message.
    lastMessageAt: row.lastSequence === 0 ? null : row.lastMessageAt,
    waitingSince: row.waitingSince,
    createdAt: row.createdAt,
    closedAt: row.closedAt,
    version: row.version,
    conversationRef: row.id,
    workspaceRef: row.workspaceId,
    organizationRef: row.organizationId,
    agentRef: row.agentId,
    visitorRef: row.visitorId,
    operatorRef: row.operatorId,
    handoffRef: handoffIsOpen ? row.handoffId : null,
    handoffState: row.handoffState,
  });
}
