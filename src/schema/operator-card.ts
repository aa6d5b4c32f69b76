import { Field, ObjectType } from 'type-graphql';
import { Actor } from './actor';

@ObjectType('OperatorCard', {
  implements: Actor,
  description: 'The little that a visitor may see of an operator: no e-mail address, no permissions.',
})
export class OperatorCard implements Actor {
  id!: string;
  displayName!: string;
  avatarUrl!: string | null;

  @Field(() => Boolean, { description: 'Whether the operator can be reached at this moment.' })
  isOnline?: boolean;

  userRef!: string;
}
