import { Field, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { Node } from './node';
import { Presence } from './presence';
import { DateTimeScalar, EmailAddressScalar, LocaleScalar } from './scalars';

@ObjectType('Visitor', {
  implements: [Node, Actor],
  description: 'Somebody who talks with one agent through its widget.',
})
export class Visitor implements Node, Actor {
  id!: string;
  displayName!: string;
  avatarUrl!: string | null;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'Address that the visitor gave. Null when none was given. Trust it only if `isVerified`.',
  })
  email!: string | null;

  @Field(() => Boolean, {
    description: 'True when the back end of the partner vouched for the identity with a signed token.',
  })
  isVerified!: boolean;

  @Field(() => LocaleScalar, {
    nullable: true,
    description: "Language of the visitor's browser. Null when it is not known.",
  })
  locale!: string | null;

  @Field(() => Presence, { description: 'Whether the visitor has the widget open now.' })
  presence?: Presence;

  @Field(() => DateTimeScalar, { description: 'When the visitor was first seen by this agent.' })
  createdAt!: Date;

  visitorRef!: string;
  workspaceRef!: string;
  agentRef!: string;
}
