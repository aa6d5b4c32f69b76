import { type BusinessHours, isOpenAt, nextOpeningAfter } from '../domain/conversation/business-hours';
import { decideOffer, type OfferDecision } from '../domain/conversation/handoff-offer';
import type { ConversationStatus, HandoffState } from '../domain/conversation/states';
import type { Agent as AgentRow } from '../entities/agent';
import { resolveBusinessHours } from '../domain/settings-layers';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { NO_OPERATORS, type Operators } from '../queries/operators-loader';
import { HandoffOffer } from '../schema/handoff-offer';
import type { RequestContext } from './request-context';

/** More faces than this fit into no popup. */
const MAX_CARDS = 5;

/** Null before there is a conversation. */
type OfferedTo = { readonly status: ConversationStatus; readonly handoffState: HandoffState | null } | null;

interface Decided {
  readonly decision: OfferDecision;
  readonly operators: Operators;
  readonly hours: BusinessHours | null;
  readonly now: Date;
}

/** What the widget has to show now. */
export async function offerFor(
  context: RequestContext,
  agent: AgentRow,
  organizationId: string | null,
  conversation: OfferedTo,
): Promise<HandoffOffer> {
  const { decision, operators, hours, now } = await decide(context, agent, organizationId, conversation);
  const isOutside = hours !== null && decision.reason === 'OUTSIDE_BUSINESS_HOURS';
  return Object.assign(new HandoffOffer(), {
    ...decision,
    title: agent.handoffTitle,
    subtitle: agent.handoffSubtitle,
    nextOpening: isOutside ? nextOpeningAfter(hours, now) : null,
    operatorsOnline: operators.online,
    operators: operators.all.slice(0, MAX_CARDS).map(presentOperatorCard),
  });
}

/** Whether a person is offered at all, for which the offer itself need not be made. */
export async function isOffered(
  context: RequestContext,
  agent: AgentRow,
  organizationId: string | null,
  conversation: OfferedTo,
): Promise<boolean> {
  return (await decide(context, agent, organizationId, conversation)).decision.mode !== 'NONE';
}

async function decide(
  { loaders }: RequestContext,
  agent: AgentRow,
  organizationId: string | null,
  conversation: OfferedTo,
): Promise<Decided> {
  const scope = { workspaceId: agent.workspaceId, organizationId, agentId: agent.id };
  const [operators, organizationHours] = agent.handoffEnabled
    ? await Promise.all([loaders.operators.load(scope), loaders.businessHours.load(scope)])
    : [NO_OPERATORS, null];
  const hours = resolveBusinessHours(agent, { businessHours: organizationHours }).value;
  const now = new Date();
  const isOpen = hours === null || isOpenAt(hours, now);
  const counts = { total: operators.all.length, online: operators.online };
  return { decision: decideOffer(agent, counts, conversation, isOpen), operators, hours, now };
}
