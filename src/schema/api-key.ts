import { Field, ObjectType } from 'type-graphql';
import { Agent } from './agent';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

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

  @Field(() => DateTimeScalar, { description: 'When the key was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the key was last used; may be some minutes behind. Null when it never was.',
  })
  lastUsedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From then on the key is refused. Null when it has no end.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the key was revoked, from when on it is refused. Null while it was not.',
  })
  revokedAt!: Date | null;

  apiKeyRef!: string;
  workspaceRef!: string;
  agentRef!: string | null;
}
