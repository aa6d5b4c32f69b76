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

@ObjectType('RotateIdentitySecretPayload', { description: 'A new identity secret, with its agent.' })
export class RotateIdentitySecretPayload {
  @Field(() => Agent, {
    nullable: true,
    description: 'The agent: `formerIdentitySecretExpiresAt` says how long the former secret counts. Null on refusal.',
  })
  agent?: Agent | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What your back end signs identity tokens with (HS256; the whole text as UTF-8 is the key). Shown this once: store it now, never in a page. Null when it was refused.',
  })
  secret?: string | null;

  @UserErrorsField()
  userErrors!: UserError[];
}

@ObjectType('RotateApiKeyPayload', { description: 'A key with its new secret.' })
export class RotateApiKeyPayload {
  @Field(() => ApiKey, {
    nullable: true,
    description: 'The key: `formerSecretExpiresAt` says how long the former secret works. Null when it was refused.',
  })
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
