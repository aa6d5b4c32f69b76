import { Field, ObjectType } from 'type-graphql';
import { Agent } from './agent';
import { defineEnum } from './define-enum';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

export const ApiKeyScope = defineEnum(
  'ApiKeyScope',
  "What the key of a partner's back end may do. Every key reads how its workspace is set up: organizations, agents, people, keys.",
  {
    CONVERSATIONS: 'Read conversations, handoffs, inquiries and visitors, in lists and streams.',
    SETTINGS: 'Create and change organizations and agents, with their hosts and brands.',
    PEOPLE: 'Create, invite, change and disable people, with no more permissions than the other scopes stand for.',
    KEYS: 'Make, rotate and revoke API keys that can do no more than this one.',
  },
);
export type ApiKeyScope = keyof typeof ApiKeyScope;

@ObjectType('ApiKey', {
  implements: Node,
  description:
    'A credential for programs: the AI runtime of one agent, or the back end of a partner. The key itself cannot be read again.',
})
export class ApiKey implements Node {
  id!: string;

  @Field(() => String, { description: 'Name that tells people what the key is for.' })
  name!: string;

  @Field(() => String, { description: 'First characters of the key, to recognise it by.' })
  prefix!: string;

  @Field(() => Agent, {
    nullable: true,
    description: 'The agent as whose AI runtime the key acts. Null when the key acts as staff of the workspace.',
  })
  agent?: Agent | null;

  @Field(() => [ApiKeyScope], {
    description: 'What the key may do for your back end. Empty for the key of a runtime, which is bound to its agent.',
  })
  scopes!: ApiKeyScope[];

  @Field(() => DateTimeScalar, { description: 'When the key was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the key was last used, to the minute; an open socket is a use. Null when it never was.',
  })
  lastUsedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From then on the key is refused. Null when it has no end.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Until when the secret before the last rotation works too. Null when there is none: never rotated, or ended at once.',
  })
  formerSecretExpiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the key was revoked, from when on it is refused. Null while it was not.',
  })
  revokedAt!: Date | null;

  apiKeyRef!: string;
  workspaceRef!: string;
  agentRef!: string | null;
}
