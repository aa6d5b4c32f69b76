import { Field, ID, InterfaceType } from 'type-graphql';
import { UrlScalar } from './scalars';

@InterfaceType('Actor', {
  description:
    'Anyone who can write or do something in a conversation: an agent (the AI), a visitor, an operator as colleagues ' +
    'see them (User), or an operator as visitors see them (OperatorCard).',
})
export abstract class Actor {
  @Field(() => ID, { description: 'Id of the actor. Equal ids are the same actor.' })
  id!: string;

  @Field(() => String, {
    description:
      'Name to show beside what the actor writes. Plain text, never empty: escape it before you put it into HTML.',
  })
  displayName!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of a picture of the actor. Null when there is none: show initials or a symbol instead.',
  })
  avatarUrl!: string | null;
}
