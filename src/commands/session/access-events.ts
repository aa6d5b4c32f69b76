import type { AccessEventName, NewEvent } from '../../domain/events';

/** Tells every process that this person may do other things than when their sockets were opened. */
export function accessChanged(workspaceId: string, userId: string): NewEvent {
  return accessEvent('ACCESS_CHANGED', workspaceId, userId);
}

/** Tells every process that a session or an API key has ended. */
export function accessEnded(workspaceId: string, credentialId: string): NewEvent {
  return accessEvent('ACCESS_ENDED', workspaceId, credentialId);
}

function accessEvent(name: AccessEventName, workspaceId: string, subjectId: string): NewEvent {
  // In no stream of a client: no conversation, no organization, no person.
  const nowhere = { organizationId: null, agentId: null, conversationId: null, userId: null };
  return { name, workspaceId, subjectId, ...nowhere, snapshot: null };
}
