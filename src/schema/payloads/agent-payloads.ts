import { Field, ObjectType } from 'type-graphql';
import { Agent } from '../agent';
import { ApiKey } from '../api-key';
import { type UserError, UserErrorsField } from '../user-error';

@ObjectType('AgentPayload', { description: 'An agent after the change.' })
export class AgentPayload {
  @Field(() => Agent, {
    nullable: true,
    description: 'The agent as it is now. Null when it was refused and there is none to show.',
  })
  agent?: Agent | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('CreateApiKeyPayload', { description: 'A new key, with its secret.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: 'The new key. Null when it was refused.' })
  apiKey?: ApiKey | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The key itself, to be sent as `Authorization: Bearer …`. Shown this once: store it now. Null when it was refused.',
  })
  secret?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('ApiKeyPayload', { description: 'A key after the change.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, {
    nullable: true,
    description: 'The key as it is now. Null when it was refused and there is none to show.',
  })
  apiKey?: ApiKey | null;

  @UserErrorsField()
  userErrors!: UserError[];
}
