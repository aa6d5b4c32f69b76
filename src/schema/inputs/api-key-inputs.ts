import { Field, ID, InputType } from 'type-graphql';
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
}

@InputType('RevokeApiKeyInput', { description: 'Which key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The key. It is refused at once, and its connections are closed. Only staff may.' })
  id!: string;
}
