import type { Database } from '../../database/database';
import { operatorsAmong } from '../../database/operators';
import { type Transaction, transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import type { BusinessHours } from '../../domain/conversation/business-hours';
import type { Escalation } from '../../domain/conversation/escalation';
import type { AnnouncementTexts, WhileWaiting } from '../../domain/conversation/handoff-settings';
import { done, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkBusinessHours } from '../../domain/validation/business-hours';
import { checkAlertInterval, checkEscalation } from '../../domain/validation/escalation';
import { givenValues, refuseBoth, refuseNulls, whenSet } from '../../domain/validation/patch';
import { checkLine, checkText } from '../../domain/validation/text';
import { checkWholeNumber } from '../../domain/validation/whole-number';
import type { Agent } from '../../entities/agent';
import { lockManagedAgent, saveAgent } from './managed-agent';

export type AnnouncementsPatch = { readonly [Name in keyof AnnouncementTexts]?: string | null };

/** Left out keeps the value. Nothing here can be null; what is cleared is the organization's again, or the default. */
export interface UpdateAgentHandoff {
  readonly agentId: string;
  readonly enabled?: boolean | null;
  readonly fixedPopup?: boolean | null;
  readonly offerWhenOffline?: boolean | null;
  readonly title?: string | null;
  readonly subtitle?: string | null;
  /** 1 to 86,400. Requests that already wait keep their deadline. */
  readonly requestTimeoutSeconds?: number | null;
  readonly whileWaiting?: WhileWaiting | null;
  readonly aiMayRequest?: boolean | null;
  readonly announcements?: AnnouncementsPatch | null;
  readonly escalation?: Escalation | null;
  readonly clearEscalation?: boolean | null;
  readonly businessHours?: BusinessHours | null;
  readonly clearBusinessHours?: boolean | null;
  /** 1 to 3600. */
  readonly alertIntervalSeconds?: number | null;
  readonly clearAlertInterval?: boolean | null;
}

const FIELDS = [
  'enabled',
  'fixedPopup',
  'offerWhenOffline',
  'title',
  'subtitle',
  'requestTimeoutSeconds',
  'whileWaiting',
  'aiMayRequest',
  'announcements',
  'escalation',
  'businessHours',
  'alertIntervalSeconds',
] as const;
const ANNOUNCEMENTS = ['requested', 'accepted', 'returned', 'unanswered', 'cancelled'] as const;
const MAX_TITLE = 200;
const MAX_TEXT = 500;
const MAX_TIMEOUT_SECONDS = 86_400;

/** Changes how visitors reach a person. Takes MANAGE_AGENT_SETTINGS; AGENT_NOT_IN_ORGANIZATION for a fixed popup without one. */
export async function updateAgentHandoff(
  database: Database,
  principal: Principal,
  input: UpdateAgentHandoff,
): Promise<Outcome<Agent>> {
  return transact(database, principal, async (transaction) => {
    const found = await lockManagedAgent(transaction, principal, input.agentId, 'agentId');
    if (found.value === null) return found;
    const agent = found.value;
    const refusals = [...checkInput(input), ...refuseFixedPopup(agent, input)];
    if (refusals.length > 0) return refused(refusals);
    const strangers = await refuseStrangers(transaction, agent, input.escalation?.fallbackUserIds ?? []);
    if (strangers.length > 0) return refused(strangers);
    const by = { principal, action: 'AGENT_HANDOFF_UPDATED' } as const;
    return done(await saveAgent(transaction, agent, changeOf(agent, input), by));
  });
}

/** handoff.md, promise 2. An agent that loses its organization later keeps the setting; saying "true" again is refused. */
function refuseFixedPopup(agent: Agent, input: UpdateAgentHandoff): Refusal[] {
  if (input.fixedPopup !== true || agent.organizationId !== null) return [];
  const message = 'The fixed popup needs an organization: assign the agent to one first.';
  return [refusal('AGENT_NOT_IN_ORGANIZATION', message, 'fixedPopup')];
}

/** Who is named has to be able to answer for this agent. Everybody else is NOT_FOUND. */
async function refuseStrangers(
  { manager }: Transaction,
  { id: agentId, workspaceId, organizationId }: Agent,
  userIds: readonly string[],
): Promise<Refusal[]> {
  const able = await operatorsAmong(manager, { workspaceId, organizationId, agentId }, userIds);
  return userIds.flatMap((userId, index) =>
    able.has(userId)
      ? []
      : [notFound('user who may handle this agent', 'escalation', 'fallbackUserIds', String(index))],
  );
}

function changeOf(agent: Agent, input: UpdateAgentHandoff): Partial<Agent> {
  return givenValues({
    handoffEnabled: input.enabled ?? undefined,
    fixedPopup: input.fixedPopup ?? undefined,
    offerWhenOffline: input.offerWhenOffline ?? undefined,
    handoffTitle: input.title?.trim(),
    handoffSubtitle: input.subtitle?.trim(),
    requestTimeoutSeconds: input.requestTimeoutSeconds ?? undefined,
    whileWaiting: input.whileWaiting ?? undefined,
    aiMayRequest: input.aiMayRequest ?? undefined,
    announcements: input.announcements ? mergeTexts(agent.announcements, input.announcements) : undefined,
    escalation: input.clearEscalation === true ? null : (input.escalation ?? undefined),
    businessHours: input.clearBusinessHours === true ? null : (input.businessHours ?? undefined),
    alertIntervalSeconds: input.clearAlertInterval === true ? null : (input.alertIntervalSeconds ?? undefined),
  });
}

function mergeTexts(current: AnnouncementTexts, patch: AnnouncementsPatch): AnnouncementTexts {
  const merged = { ...current };
  for (const name of ANNOUNCEMENTS) merged[name] = patch[name]?.trim() ?? current[name];
  return merged;
}

function checkInput(input: UpdateAgentHandoff): Refusal[] {
  return [
    ...refuseNulls(input, FIELDS),
    ...whenSet(input.title, (title) => checkLine(title, MAX_TITLE, 'title')),
    ...whenSet(input.subtitle, (subtitle) => checkLine(subtitle, MAX_TEXT, 'subtitle')),
    ...whenSet(input.requestTimeoutSeconds, (seconds) =>
      checkWholeNumber(seconds, 1, MAX_TIMEOUT_SECONDS, 'requestTimeoutSeconds'),
    ),
    ...whenSet(input.announcements, checkAnnouncements, 'announcements'),
    ...whenSet(input.escalation, checkEscalation, 'escalation'),
    ...whenSet(input.businessHours, checkBusinessHours, 'businessHours'),
    ...whenSet(input.alertIntervalSeconds, checkAlertInterval, 'alertIntervalSeconds'),
    ...refuseBoth(input, 'escalation', 'clearEscalation'),
    ...refuseBoth(input, 'businessHours', 'clearBusinessHours'),
    ...refuseBoth(input, 'alertIntervalSeconds', 'clearAlertInterval'),
  ];
}

function checkAnnouncements(patch: AnnouncementsPatch, ...path: string[]): Refusal[] {
  return [
    ...refuseNulls(patch, ANNOUNCEMENTS, ...path),
    ...ANNOUNCEMENTS.flatMap((name) => whenSet(patch[name], (text) => checkText(text, MAX_TEXT, ...path, name))),
  ];
}
