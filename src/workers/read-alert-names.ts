import type { EntityManager } from 'typeorm';
import type { NotificationNames } from '../delivery/mail/notification-mail';
import { Agent } from '../entities/agent';
import type { Conversation } from '../entities/conversation';
import { Inquiry } from '../entities/inquiry';
import type { Notification } from '../entities/notification';
import { Visitor } from '../entities/visitor';
import { findHandoff } from './find-handoff';

/** Whom a notification names, for its title in the reader's language; null when it is about no conversation. */
export async function readAlertNames(
  manager: EntityManager,
  { kind, subjectId, workspaceId, count }: Notification,
  conversation: Conversation | null,
): Promise<NotificationNames | null> {
  if (conversation === null) return null;
  const visitor = await manager.findOneBy(Visitor, { id: conversation.visitorId, workspaceId });
  const visitorName = visitor?.displayName ?? '';
  if (kind === 'INQUIRY_SUBMITTED') {
    const inquiry = await manager.findOneBy(Inquiry, { id: subjectId, workspaceId });
    return { visitorName: inquiry?.name ?? visitorName, agentName: null };
  }
  const handoff = kind === 'HANDOFF_REQUESTED' ? await findHandoff(manager, workspaceId, subjectId) : null;
  if (handoff?.origin !== 'AI') return { visitorName, agentName: null, count };
  const agent = await manager.findOneBy(Agent, { id: conversation.agentId, workspaceId });
  return { visitorName, agentName: agent?.displayName ?? '' };
}
