import type { BusinessHours } from './conversation/business-hours';
import type { Escalation } from './conversation/escalation';
import { DEFAULT_NOTIFICATION_SETTINGS, type NotificationChoice } from './notification/default-settings';
import { DEFAULT_ALERT_INTERVAL_SECONDS } from './notification/fold-messages';

/** Whose setting it is that counts. MEMBER: the person's own, of staff too. */
export type SettingSource = 'MEMBER' | 'AGENT' | 'ORGANIZATION' | 'DEFAULT';

/** A value that counts, and where it came from. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly from: SettingSource;
}

/** What an agent or an organization says of how requests reach people; null: the next layer says it. */
export interface HandoffLayer {
  readonly escalation: Escalation | null;
  readonly businessHours: BusinessHours | null;
  readonly alertIntervalSeconds: number | null;
}

export interface ResolvedHandoff {
  /** Null: everybody who may handle the agent is told at once. */
  readonly escalation: Sourced<Escalation | null>;
  /** Null: at any hour. */
  readonly businessHours: Sourced<BusinessHours | null>;
  readonly alertIntervalSeconds: Sourced<number>;
}

/** What a person has chosen; null: the next layer says it. */
export interface OwnNotificationChoice {
  readonly channels: NotificationChoice['channels'] | null;
  readonly events: NotificationChoice['events'] | null;
  readonly alertIntervalSeconds: number | null;
}

/** What an organization says for those of its members who have not chosen. */
export interface MemberDefaults {
  readonly memberChannels: NotificationChoice['channels'] | null;
  readonly memberEvents: NotificationChoice['events'] | null;
  readonly alertIntervalSeconds: number | null;
}

export interface ResolvedNotifications {
  readonly channels: Sourced<NotificationChoice['channels']>;
  readonly events: Sourced<NotificationChoice['events']>;
  /** Where no agent says otherwise: see `alertIntervalFor`. */
  readonly alertIntervalSeconds: Sourced<number>;
}

/**
 * How requests reach people in a conversation of this agent and this organization: each value by itself, the agent's over
 * the organization's. `organization` is that of the conversation, which may not be the agent's any more.
 */
export function resolveHandoff(agent: HandoffLayer | null, organization: HandoffLayer | null): ResolvedHandoff {
  return {
    escalation: firstSet<Escalation | null>({ AGENT: agent?.escalation, ORGANIZATION: organization?.escalation }, null),
    businessHours: resolveBusinessHours(agent, organization),
    alertIntervalSeconds: firstSet(
      { AGENT: agent?.alertIntervalSeconds, ORGANIZATION: organization?.alertIntervalSeconds },
      DEFAULT_ALERT_INTERVAL_SECONDS,
    ),
  };
}

/** The hours alone, for offers, which are shown to every visitor and need no more. */
export function resolveBusinessHours(
  agent: Pick<HandoffLayer, 'businessHours'> | null,
  organization: Pick<HandoffLayer, 'businessHours'> | null,
): Sourced<BusinessHours | null> {
  const layers = { AGENT: agent?.businessHours, ORGANIZATION: organization?.businessHours };
  return firstSet<BusinessHours | null>(layers, null);
}

/** What a person is told of, and how. `organization` is the person's own; staff have none. */
export function resolveNotifications(
  own: OwnNotificationChoice | null,
  organization: MemberDefaults | null,
): ResolvedNotifications {
  return {
    channels: firstSet(
      { MEMBER: own?.channels, ORGANIZATION: organization?.memberChannels },
      DEFAULT_NOTIFICATION_SETTINGS.channels,
    ),
    events: firstSet(
      { MEMBER: own?.events, ORGANIZATION: organization?.memberEvents },
      DEFAULT_NOTIFICATION_SETTINGS.events,
    ),
    alertIntervalSeconds: firstSet(
      { MEMBER: own?.alertIntervalSeconds, ORGANIZATION: organization?.alertIntervalSeconds },
      DEFAULT_ALERT_INTERVAL_SECONDS,
    ),
  };
}

/** The choice without its sources, as the rules of sending take it. */
export function choiceOf({ channels, events }: ResolvedNotifications): NotificationChoice {
  return { channels: channels.value, events: events.value };
}

/** How long messages of one conversation are gathered for one person. */
export function alertIntervalFor(
  ownSeconds: number | null,
  { alertIntervalSeconds }: ResolvedHandoff,
): Sourced<number> {
  return ownSeconds === null ? alertIntervalSeconds : { value: ownSeconds, from: 'MEMBER' };
}

const NEAREST_FIRST = ['MEMBER', 'AGENT', 'ORGANIZATION'] as const;

/** Null and undefined say nothing; 0 and an empty list do. */
function firstSet<Value>(
  layers: Partial<Record<(typeof NEAREST_FIRST)[number], Value | null | undefined>>,
  fallback: Value,
): Sourced<Value> {
  for (const from of NEAREST_FIRST) {
    const value = layers[from];
    if (value !== null && value !== undefined) return { value, from };
  }
  return { value: fallback, from: 'DEFAULT' };
}
