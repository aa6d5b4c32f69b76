import { holdsPermission, isStaff, type Principal } from '../domain/actor';
import type { EventName } from '../domain/events';
import { isImpersonated } from '../domain/policies/impersonation-policy';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { decodePublicId } from '../domain/public-id';
import { EventFeed, type FeedOptions } from '../realtime/event-feed';
import { missingObject } from './request-errors';
import { type RequestContext, signedIn } from './request-context';

const CONVERSATION_EVENTS: readonly EventName[] = [
  'MESSAGE_ADDED',
  'CONVERSATION_CHANGED',
  'HANDOFF_CHANGED',
  'CONVERSATION_ERASED',
];
/** Beside a conversation, and for colleagues alone. */
const NOTE_EVENTS: readonly EventName[] = ['NOTE_ADDED', 'NOTE_REMOVED'];
const HANDOFF_EVENTS: readonly EventName[] = ['HANDOFF_CHANGED', 'CONVERSATION_ERASED'];
const FEED_EVENTS: readonly EventName[] = [...CONVERSATION_EVENTS, ...NOTE_EVENTS, 'INQUIRY_CHANGED'];

/** Authorizes, then opens the stream of one conversation. An operator who reads it counts as watching. */
export async function streamConversation(
  context: RequestContext,
  id: string,
  after: string | null,
): Promise<EventFeed> {
  const principal = signedIn(context);
  const conversationId = decodePublicId('conversation', id);
  const row = conversationId === null ? null : await context.loaders.conversations.load(conversationId);
  if (row === null || !mayOnConversation(principal, 'view', row)) throw missingObject('conversation');
  const isColleague = mayOnConversation(principal, 'viewNotes', row);
  const names = isColleague ? [...CONVERSATION_EVENTS, ...NOTE_EVENTS] : CONVERSATION_EVENTS;
  const options = { scope: { conversationId: row.id }, names, agentIds: null, after };
  if (principal.kind !== 'USER' || isImpersonated(principal)) return feedOf(context, options);
  const { workspaceId, userId } = principal;
  const { presence } = context.app;
  return feedOf(context, options, () => presence.watching({ workspaceId, userId, conversationId: row.id }));
}

export async function streamOrganization(
  context: RequestContext,
  id: string,
  after: string | null,
  agentIds: readonly string[] | null,
): Promise<EventFeed> {
  const { organizationId, allowedAgents } = await readableOrganization(context, id);
  const wanted = agentIds?.map((agentId) => decodePublicId('agent', agentId) ?? '') ?? null;
  return feedOf(context, {
    scope: { organizationId },
    names: FEED_EVENTS,
    agentIds: intersection(allowedAgents, wanted),
    after,
  });
}

export async function streamHandoffs(context: RequestContext, id: string, after: string | null): Promise<EventFeed> {
  const { organizationId, allowedAgents } = await readableOrganization(context, id);
  return feedOf(context, { scope: { organizationId }, names: HANDOFF_EVENTS, agentIds: allowedAgents, after });
}

export async function streamWorkspace(context: RequestContext, id: string, after: string | null): Promise<EventFeed> {
  const principal = signedIn(context);
  const workspaceId = decodePublicId('workspace', id);
  if (!isStaff(principal) || workspaceId !== principal.workspaceId) throw missingObject('workspace');
  return Promise.resolve(feedOf(context, { scope: { workspaceId }, names: FEED_EVENTS, agentIds: null, after }));
}

function feedOf(
  context: RequestContext,
  { scope, names, agentIds, after }: Omit<FeedOptions, 'read'>,
  begin?: () => () => void,
): EventFeed {
  return new EventFeed({ read: context.readOf(signedIn(context)), scope, names, agentIds, after }, begin);
}

/** Whoever may follow what happens in the organization, and of which agents. Throws NOT_FOUND. */
export async function readableOrganization(
  context: RequestContext,
  id: string,
): Promise<{ organizationId: string; allowedAgents: readonly string[] | null }> {
  const principal = signedIn(context);
  const uuid = decodePublicId('organization', id);
  const row = uuid === null ? null : await context.loaders.organizations.load(uuid);
  if (row === null || !mayFollow(principal, row)) throw missingObject('organization');
  return { organizationId: row.id, allowedAgents: principal.kind === 'USER' ? principal.agentIds : null };
}

function mayFollow(principal: Principal, row: { workspaceId: string; id: string }): boolean {
  const owner = { workspaceId: row.workspaceId, organizationId: row.id };
  return (
    holdsPermission(principal, 'VIEW_CONVERSATIONS', owner) || holdsPermission(principal, 'HANDLE_CONVERSATIONS', owner)
  );
}

function intersection(allowed: readonly string[] | null, wanted: readonly string[] | null): readonly string[] | null {
  if (allowed === null || wanted === null) return allowed ?? wanted;
  return wanted.filter((id) => allowed.includes(id));
}
