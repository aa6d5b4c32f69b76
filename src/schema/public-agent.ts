import { Field, ObjectType } from 'type-graphql';
import { Branding } from './branding';
import { HandoffOffer } from './handoff-offer';
import { UrlScalar } from './scalars';

@ObjectType('PublicAgent', {
  description: 'What anyone who knows the public key may read of an agent. Enough to draw a closed widget.',
})
export class PublicAgent {
  @Field(() => String, { description: 'Name to show in the head of the widget.' })
  displayName!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of a picture of the agent. Null when there is none.',
  })
  avatarUrl!: string | null;

  @Field(() => HandoffOffer, {
    description: 'What to show about talking with a person to somebody who has no conversation yet.',
  })
  handoffOffer?: HandoffOffer;

  @Field(() => Boolean, { description: 'The setting "Enable handoff popup". What to show now is in `handoffOffer`.' })
  handoffEnabled!: boolean;

  @Field(() => Boolean, { description: 'The setting "Fixed handoff popup". What to show now is in `handoffOffer`.' })
  fixedPopup!: boolean;

  @Field(() => Boolean, { description: 'Whether `startVisitorSession` needs an `identityToken` for this agent.' })
  identityVerificationRequired!: boolean;

  @Field(() => Branding, { description: 'Brand to draw the widget in.' })
  branding?: Branding;

  agentRef!: string;
  workspaceRef!: string;
  organizationRef!: string | null;
  /** The key by which it was found. */
  publicKey!: string;
}
