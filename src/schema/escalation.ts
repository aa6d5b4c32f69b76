import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { User } from './user';

const ONLINE =
  'Seconds for which operators who are online are told alone. 0: everybody is told at once, as when nobody is online.';
const EVERYONE = 'Seconds for which everybody who may handle the agent is told, before those named are told again.';

@ObjectType('Escalation', {
  description:
    'The ladder that a request climbs while it waits: operators who are online, everybody, those named, and at the deadline of the agent nobody. ' +
    'Staff of the workspace are told only where they are named, or nobody of the organization may handle the agent.',
})
export class Escalation {
  @Field(() => Int, { description: ONLINE })
  onlineSeconds!: number;

  @Field(() => Int, { description: EVERYONE })
  everyoneSeconds!: number;

  @Field(() => [User], { description: 'Who is told when nobody has answered by then. Who left is not among them.' })
  fallback?: User[];

  fallbackRefs!: readonly string[];
}

@InputType('EscalationInput', { description: 'A ladder, all of it: it takes the place of what was.' })
export class EscalationInput {
  @Field(() => Int, { defaultValue: 0, description: `${ONLINE} At most 86400.` })
  onlineSeconds!: number;

  @Field(() => Int, { defaultValue: 0, description: `${EVERYONE} At most 86400.` })
  everyoneSeconds!: number;

  @Field(() => [ID], {
    defaultValue: [],
    description:
      'People to tell when nobody has answered by then, at most 50: members who handle conversations, or staff.',
  })
  fallbackUserIds!: string[];
}
