import { Field, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

@ObjectType('Session', { implements: Node, description: 'One signed-in browser or app of a person.' })
export class Session implements Node {
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When the person signed in.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the session was last used; may be some minutes behind.' })
  lastSeenAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'How the browser named itself on signing in. Null when it did not.',
  })
  userAgent!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it ends by itself: sign in again before.' })
  expiresAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was ended before its time: its token and its sockets stopped working. Null while it is open.',
  })
  revokedAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether this is the session of the present request.' })
  isCurrent?: boolean;

  @Field(() => Actor, {
    nullable: true,
    description:
      'The member of staff who uses this session, logged in as the person for 15 minutes. Null when it is the person.',
  })
  impersonator?: Actor | null;

  sessionRef!: string;
  impersonatorRef!: string | null;
}
