import { Field, ID, InputType, Int } from 'type-graphql';
import { ApiKeyScope } from '../api-key';
import { DateTimeScalar } from '../scalars';

@InputType('CreateApiKeyInput', { description: 'The key to make.' })
export class CreateApiKeyInput {
  @Field(() => ID, { description: 'The workspace that the key belongs to. Only its staff may.' })
  workspaceId!: string;

  @Field(() => String, { description: 'Name that tells people what the key is for.' })
  name!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'With it the key acts as the AI runtime of this agent and can do nothing else. Without it the key acts as staff of the workspace.',
  })
  agentId?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on the key is refused; must lie in the future. Without it the key has no end.',
  })
  expiresAt?: Date | null;

  @Field(() => [ApiKeyScope], {
    nullable: true,
    description:
      'What the key may do for your back end; without it everything. An empty list reads how the workspace is set up and no more. A key makes no key that can do more than itself. Not with `agentId`.',
  })
  scopes?: ApiKeyScope[] | null;
}

@InputType('RotateApiKeyInput', { description: 'Which key gets another secret, and how long the former one works.' })
export class RotateApiKeyInput {
  @Field(() => ID, { description: 'The key. Only staff may, and of keys only one that can do what this one can.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds for which the former secret works beside the new one: 0 ends it at once, at most 604800 (7 days). Without it 86400 (a day).',
  })
  overlapSeconds?: number | null;
}

@InputType('RevokeApiKeyInput', { description: 'Which key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The key. It is refused at once, and its connections are closed. Only staff may.' })
  id!: string;
}
