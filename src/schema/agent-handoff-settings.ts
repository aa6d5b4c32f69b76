import { Field, Int, ObjectType } from 'type-graphql';
import type { Escalation as EscalationFacts } from '../domain/conversation/escalation';
import { BusinessHours } from './business-hours';
import { defineEnum } from './define-enum';
import { SettingSource } from './setting-source';

export const WhileWaiting = defineEnum('WhileWaiting', 'What the AI does while a request waits for an operator.', {
  AI_SILENT: 'The AI writes nothing until an operator accepts, the visitor cancels, or the wait is over.',
  AI_ANSWERS: 'The AI goes on answering until an operator accepts.',
});
export type WhileWaiting = keyof typeof WhileWaiting;

@ObjectType('HandoffAnnouncements', {
  description:
    "Texts that the server writes into the conversation when control changes. {operator} and {agent} are replaced by their display names, {nextOpening} by when people answer again, in the visitor's language, where the agent or its organization has business hours.",
})
export class HandoffAnnouncements {
  @Field(() => String, { description: 'Written when an operator has been asked for.' })
  requested!: string;

  @Field(() => String, { description: 'Written when an operator has accepted or taken over.' })
  accepted!: string;

  @Field(() => String, { description: 'Written when the operator has handed the conversation back to the AI.' })
  returned!: string;

  @Field(() => String, { description: 'Written when nobody answered in time.' })
  unanswered!: string;

  @Field(() => String, { description: 'Written when the request was cancelled.' })
  cancelled!: string;
}

@ObjectType('AgentHandoffSettings', {
  description:
    'How people can be reached through an agent. Changed with `updateAgentHandoff`, which takes MANAGE_AGENT_SETTINGS. Ladder, hours and interval are those of the organization where the agent has none of its own; in a conversation that began before the agent moved, those of the organization in which it began.',
})
export class AgentHandoffSettings {
  @Field(() => Boolean, { description: '"Enable handoff popup". While false, visitors are never offered an operator.' })
  enabled!: boolean;

  @Field(() => Boolean, {
    description:
      '"Fixed handoff popup": always shown at the top of the agent\'s window. Can be switched on only while the agent is in an ' +
      'organization; without one the plain popup is shown in spite of it.',
  })
  fixedPopup!: boolean;

  @Field(() => Boolean, { description: 'Whether to offer a handoff even when no operator is online.' })
  offerWhenOffline!: boolean;

  @Field(() => String, { description: 'First line of the popup.' })
  title!: string;

  @Field(() => String, { description: 'Second line of the popup.' })
  subtitle!: string;

  @Field(() => Int, { description: 'Seconds that a request waits for an operator before it becomes UNANSWERED.' })
  requestTimeoutSeconds!: number;

  @Field(() => WhileWaiting, { description: 'What the AI does while a request waits.' })
  whileWaiting!: WhileWaiting;

  @Field(() => Boolean, { description: 'Whether the AI may ask for an operator by itself.' })
  aiMayRequest!: boolean;

  @Field(() => HandoffAnnouncements, { description: 'What is written into the conversation when control changes.' })
  announcements!: HandoffAnnouncements;

  @Field(() => SettingSource, { description: 'Where `escalation` came from: AGENT, ORGANIZATION or DEFAULT.' })
  escalationFrom!: SettingSource;

  @Field(() => BusinessHours, {
    nullable: true,
    description: "When people answer: the agent's own hours, else those of its organization. Null: at any hour.",
  })
  businessHours!: BusinessHours | null;

  @Field(() => SettingSource, { description: 'Where `businessHours` came from: AGENT, ORGANIZATION or DEFAULT.' })
  businessHoursFrom!: SettingSource;

  @Field(() => Int, {
    description:
      "Seconds for which messages of a conversation are gathered after somebody was told of one: the agent's own, else those of its organization, else 60. A person's own value wins for that person.",
  })
  alertIntervalSeconds!: number;

  @Field(() => SettingSource, {
    description: 'Where `alertIntervalSeconds` came from: AGENT, ORGANIZATION or DEFAULT.',
  })
  alertIntervalFrom!: SettingSource;

  escalationRef!: EscalationFacts | null;
}
