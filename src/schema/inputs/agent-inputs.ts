import { Field, ID, InputType, Int } from 'type-graphql';
import { BusinessHoursInput } from '../business-hours';
import { EscalationInput } from '../escalation';
import { WhileWaiting } from '../agent-handoff-settings';
import { ResponderKind } from '../responder';
import { UrlScalar } from '../scalars';

@InputType('CreateAgentInput', { description: 'The agent to create.' })
export class CreateAgentInput {
  @Field(() => ID, { description: 'The workspace that will own it. Only its staff may.' })
  workspaceId!: string;

  @Field(() => String, { description: 'Name, as visitors see it.' })
  displayName!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of a picture of the agent: https, in the public internet, else UNSAFE_URL.',
  })
  avatarUrl?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization to assign it to at once. Without it the agent stays with the workspace.',
  })
  organizationId?: string | null;
}

@InputType('UpdateAgentInput', {
  description: 'What to change in an agent. Fields that are left out keep their value.',
})
export class UpdateAgentInput {
  @Field(() => ID, { description: 'The agent. Takes MANAGE_AGENT_SETTINGS for it.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name, as visitors see it.' })
  displayName?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'New address of the picture: https, in the public internet, else UNSAFE_URL. Null removes the picture.',
  })
  avatarUrl?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'All web origins from which visitors may come, for example https://shop.example.com: exact ones, no patterns. An empty list allows every origin.',
  })
  allowedOrigins?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether visitors must bring an `identityToken`. True takes a secret (`rotateIdentitySecret`), and ends the visits of those who brought none.',
  })
  identityVerificationRequired?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have read. If it is not the present one, the answer is STALE_VERSION. Without it the last writer wins.',
  })
  expectedVersion?: number | null;
}

@InputType('AssignAgentInput', { description: 'Where an agent shall belong.' })
export class AssignAgentInput {
  @Field(() => ID, { description: 'The agent. Only staff of its workspace may assign it.' })
  agentId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'An organization of the same workspace. Null takes the agent back to the workspace.',
  })
  organizationId?: string | null;
}

@InputType('RotateIdentitySecretInput', {
  description: 'Whose identity secret to make anew, and how long the former one counts.',
})
export class RotateIdentitySecretInput {
  @Field(() => ID, { description: 'The agent. Takes MANAGE_AGENT_SETTINGS for it.' })
  agentId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds for which identity tokens may still be signed with the former secret: at most 604800 (7 days); without it 86400 (a day). 0, for a secret that got known: it ends at once, and so do the visits of all verified visitors.',
  })
  overlapSeconds?: number | null;
}

@InputType('HandoffAnnouncementsInput', {
  description:
    'Texts to write into the conversation. What is left out keeps its text. {operator} and {agent} are replaced by names.',
})
export class HandoffAnnouncementsInput {
  @Field(() => String, { nullable: true, description: 'For when an operator has been asked for.' })
  requested?: string | null;

  @Field(() => String, { nullable: true, description: 'For when an operator has accepted or taken over.' })
  accepted?: string | null;

  @Field(() => String, { nullable: true, description: 'For when the conversation went back to the AI.' })
  returned?: string | null;

  @Field(() => String, { nullable: true, description: 'For when nobody answered in time.' })
  unanswered?: string | null;

  @Field(() => String, { nullable: true, description: 'For when the request was cancelled.' })
  cancelled?: string | null;
}

@InputType('UpdateAgentHandoffInput', {
  description: 'What to change in how visitors reach a person. Fields that are left out keep their value.',
})
export class UpdateAgentHandoffInput {
  @Field(() => ID, { description: 'The agent. Takes MANAGE_AGENT_SETTINGS for it.' })
  agentId!: string;

  @Field(() => Boolean, { nullable: true, description: '"Enable handoff popup".' })
  enabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '"Fixed handoff popup". True is refused for an agent without organization (AGENT_NOT_IN_ORGANIZATION).',
  })
  fixedPopup?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether to offer a handoff even when no operator is online.' })
  offerWhenOffline?: boolean | null;

  @Field(() => String, { nullable: true, description: 'First line of the popup.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Second line of the popup.' })
  subtitle?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds that a request waits for an operator. Holds for requests made from now on.',
  })
  requestTimeoutSeconds?: number | null;

  @Field(() => WhileWaiting, { nullable: true, description: 'What the AI does while a request waits.' })
  whileWaiting?: WhileWaiting | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the AI may ask for an operator by itself.' })
  aiMayRequest?: boolean | null;

  @Field(() => HandoffAnnouncementsInput, { nullable: true, description: 'Texts to change.' })
  announcements?: HandoffAnnouncementsInput | null;

  @Field(() => EscalationInput, {
    nullable: true,
    description:
      'A ladder of this agent alone, over that of the organization. Who is named has to be able to handle the agent.',
  })
  escalation?: EscalationInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True takes it away: the ladder of the organization counts. Do not send it together with `escalation`.',
  })
  clearEscalation?: boolean | null;

  @Field(() => BusinessHoursInput, {
    nullable: true,
    description:
      'Hours of this agent alone, over those of the organization. 00:00 to 24:00 on every day means: at any hour.',
  })
  businessHours?: BusinessHoursInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True takes them away: the hours of the organization count. Do not send it together with `businessHours`.',
  })
  clearBusinessHours?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds for which messages of a conversation with this agent are gathered after somebody was told of one: 1 to 3600. Over that of the organization.',
  })
  alertIntervalSeconds?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True takes it away: the interval of the organization counts. Do not send it together with `alertIntervalSeconds`.',
  })
  clearAlertInterval?: boolean | null;
}

@InputType('SetAgentResponderInput', {
  description: "Who shall write an agent's replies. Replaces the earlier choice as a whole.",
})
export class SetAgentResponderInput {
  @Field(() => ID, { description: 'The agent. Takes MANAGE_AGENT_SETTINGS for it.' })
  agentId!: string;

  @Field(() => ResponderKind, { description: 'Where the replies shall come from.' })
  kind!: ResponderKind;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'Address to call, for OPENAI_COMPATIBLE and WEBHOOK. An address in a private network is refused (UNSAFE_URL).',
  })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the model, for OPENAI_COMPATIBLE.' })
  model?: string | null;

  @Field(() => String, { nullable: true, description: 'What the model shall be told about its task.' })
  instructions?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'API key (OPENAI_COMPATIBLE) or signing secret (WEBHOOK). Stored and never returned.',
  })
  secret?: string | null;
}
