import { isOpenAt, nextOpeningAfter } from '../domain/conversation/business-hours';
import { decideOffer } from '../domain/conversation/handoff-offer';
import type { ConversationStatus, HandoffState } from '../domain/conversation/states';
import type { Agent as AgentRow } from '../entities/agent';
import { resolveBusinessHours } from '../domain/settings-layers';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { HandoffOffer } from '../schema/handoff-offer';
import type { RequestContext } from './request-context';

/** More faces than this fit into no popup. */
const MAX_CARDS = 5;

/** What the widget has to show now: `conversation` is null before there is one. */
export async function offerFor(
  context: RequestContext,
  agent: AgentRow,
  organizationId: string | null,
  conversation: { status: ConversationStatus; handoffState: HandoffState | null } | null,
): Promise<HandoffOffer> {
  const scope = { workspaceId: agent.workspaceId, organizationId, agentId: agent.id };
  const operators = agent.handoffEnabled ? await context.loaders.operators.load(scope) : [];
  const online = operators.filter((operator) => operator.isOnline).length;
  const organizationHours = agent.handoffEnabled ? await context.loaders.businessHours.load(scope) : null;
  const hours = resolveBusinessHours(agent, { businessHours: organizationHours }).value;
  const now = new Date();
  const isOpen = hours === null || isOpenAt(hours, now);
  const decision = decideOffer(agent, { total: operators.length, online }, conversation, isOpen);
  const isOutside = hours !== null && decision.reason === 'OUTSIDE_BUSINESS_HOURS';
  return Object.assign(new HandoffOffer(), {
    ...decision,
    title: agent.handoffTitle,
    subtitle: agent.handoffSubtitle,
    nextOpening: isOutside ? nextOpeningAfter(hours, now) : null,
    operatorsOnline: online,
    operators: operators.slice(0, MAX_CARDS).map(presentOperatorCard),
  });
}
