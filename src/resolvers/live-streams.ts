import { presentsItself } from './present-signal';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { maySeeAgent } from '../domain/policies/settings-policy';
import { decodePublicId } from '../domain/public-id';
import type { HandoffTotals } from '../queries/handoff-counts';
import { listOpenTurns } from '../queries/turns';
import { openTotalsStream } from '../realtime/handoff-board';
import { type LiveItem, openLiveStream } from '../realtime/live-stream';
import { openSignalStream } from '../realtime/signal-stream';
import type { Signal } from '../realtime/signals';
import { forbiddenField, missingObject } from './request-errors';
import { type RequestContext, signedIn, userOf } from './request-context';
import { readableOrganization } from './streams';

/** Signals of one conversation, for whoever may read it; nobody is told of their own typing. */
export async function streamSignals(
  context: RequestContext,
  id: string,
): Promise<AsyncIterableIterator<Signal, undefined>> {
  const principal = signedIn(context);
  const conversationId = decodePublicId('conversation', id);
  const row = conversationId === null ? null : await context.loaders.conversations.load(conversationId);
  if (row === null || !mayOnConversation(principal, 'view', row)) throw missingObject('conversation');
  return openSignalStream(context.app.hub, {
    conversationId: row.id,
    visitorId: row.visitorId,
    operatorId: row.operatorId,
    accept: (signal) => !presentsItself(principal, signal),
  });
}

/** How many handoffs of an organization are open, whenever that changes. */
export async function streamTotals(
  context: RequestContext,
  id: string,
): Promise<AsyncIterableIterator<HandoffTotals, undefined>> {
  const { organizationId, allowedAgents } = await readableOrganization(context, id);
  const { workspaceId } = signedIn(context);
  return openTotalsStream(context.app.hub, { workspaceId, organizationId, agentIds: allowedAgents });
}

/** What appears, or changes, under the bell of the signed-in person from now on. */
export function streamNotifications(
  context: RequestContext,
  name: 'NOTIFICATION_ADDED' | 'NOTIFICATION_CHANGED',
): AsyncIterableIterator<LiveItem, undefined> {
  const user = userOf(context);
  if (user === null) throw forbiddenField('Only people have notifications.');
  return openLiveStream(context.app.hub, {
    match: { userId: user.userId },
    names: [name],
    onOverflow: tooSlow(context),
  });
}

/** Turns of one agent, for its AI runtime alone. */
export async function streamTurns(
  context: RequestContext,
  id: string,
): Promise<AsyncIterableIterator<LiveItem, undefined>> {
  const principal = signedIn(context);
  const agentId = decodePublicId('agent', id);
  const agent = agentId === null ? null : await context.loaders.agents.load(agentId);
  if (agent === null || !maySeeAgent(principal, agent)) throw missingObject('agent');
  if (principal.kind !== 'API_KEY' || principal.agentId !== agent.id) {
    throw forbiddenField('Only an API key of this agent receives its turns.');
  }
  return openLiveStream(context.app.hub, {
    match: { agentId: agent.id },
    names: ['TURN_OPENED'],
    initial: () => context.read((manager) => listOpenTurns(manager, agent)),
    onOverflow: tooSlow(context),
  });
}

function tooSlow(context: RequestContext): () => void {
  return () => context.request.closeSocket(4008, 'You read too slowly: reconnect.');
}
