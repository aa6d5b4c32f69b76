import { Field, Int, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { AgentHandoffSettings } from './agent-handoff-settings';
import { Node } from './node';
import { Organization } from './organization';
import { Responder } from './responder';
import { DateTimeScalar } from './scalars';
import { Workspace } from './workspace';

@ObjectType('Agent', {
  implements: [Node, Actor],
  description:
    'An AI agent: the chat widget that visitors talk with. It is never a person; people who answer are operators.',
})
export class Agent implements Node, Actor {
  id!: string;
  displayName!: string;
  avatarUrl!: string | null;

  @Field(() => String, {
    description: 'Key that the widget carries in the page, for `publicAgent` and `startVisitorSession`. Not a secret.',
  })
  publicKey!: string;

  @Field(() => Workspace, { description: 'The workspace that owns the agent.' })
  workspace?: Workspace;

  @Field(() => Organization, {
    nullable: true,
    description:
      'The organization whose members answer for this agent. Null while it is not assigned: then staff of the workspace answer alone.',
  })
  organization?: Organization | null;

  @Field(() => AgentHandoffSettings, { description: 'How visitors reach a person through this agent.' })
  handoff?: AgentHandoffSettings;

  @Field(() => Responder, { description: "Who writes this agent's replies." })
  responder?: Responder;

  @Field(() => [String], {
    description:
      'Web origins (scheme, host, port) from which a visitor session may be opened. Empty allows every origin.',
  })
  allowedOrigins!: string[];

  @Field(() => Boolean, {
    description: 'Whether visitors must bring an `identityToken` that the back end of the partner has signed.',
  })
  identityVerificationRequired!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the secret was made that identity tokens are signed with. Null while there is none: make one with `rotateIdentitySecret`. The secret itself cannot be read.',
  })
  identitySecretCreatedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Until when tokens that are signed with the former secret are accepted too. Null when there is none: never rotated, or ended at once.',
  })
  formerIdentitySecretExpiresAt!: Date | null;

  @Field(() => Int, {
    description:
      'Goes up by one at every change. Send it as `expectedVersion` so that you do not overwrite what others saved meanwhile.',
  })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When the agent was created.' })
  createdAt!: Date;

  agentRef!: string;
  workspaceRef!: string;
  organizationRef!: string | null;
}
