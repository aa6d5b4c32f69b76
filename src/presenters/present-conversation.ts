import { encodePublicId } from '../domain/public-id';
import type { Conversation as ConversationRow } from '../entities/conversation';
import { Conversation } from '../schema/conversation';
import { presenter } from './presenter';

export const presentConversation = presenter<ConversationRow, Conversation>(Conversation, {
  id: ({ id }) => encodePublicId('conversation', id),
  status: ({ status }) => status,
  controller: ({ controller }) => controller,
  controlEpoch: ({ controlEpoch }) => controlEpoch,
  lastSequence: ({ lastSequence }) => lastSequence,
  // The column is never empty, so that every order by it is total; the field tells whether there is a message.
  lastMessageAt: ({ lastSequence, lastMessageAt }) => (lastSequence === 0 ? null : lastMessageAt),
  waitingSince: ({ waitingSince }) => waitingSince,
  createdAt: ({ createdAt }) => createdAt,
  closedAt: ({ closedAt }) => closedAt,
  version: ({ version }) => version,
  conversationRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  organizationRef: ({ organizationId }) => organizationId,
  agentRef: ({ agentId }) => agentId,
  visitorRef: ({ visitorId }) => visitorId,
  operatorRef: ({ operatorId }) => operatorId,
  handoffRef: ({ handoffState, handoffId }) => {
    const isOpen = handoffState === 'REQUESTED' || handoffState === 'ACCEPTED';
    return isOpen ? handoffId : null;
  },
  handoffState: ({ handoffState }) => handoffState,
});
