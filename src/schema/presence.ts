import { Field, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { DateTimeScalar } from './scalars';

export const PresenceStatus = defineEnum('PresenceStatus', 'Whether someone can be reached at this moment.', {
  ONLINE: 'Connected. An operator has also chosen to be available, and so can receive handoffs.',
  AWAY: 'Connected and not available: an operator who has switched availability off.',
  OFFLINE: 'Not connected.',
});
export type PresenceStatus = keyof typeof PresenceStatus;

@ObjectType('Presence', {
  description:
    'Whether someone can be reached now. Changes arrive as PresenceChanged while you are subscribed to signals.',
})
export class Presence {
  @Field(() => PresenceStatus, {
    description:
      'For an operator, ONLINE takes an open dashboard connection and their own choice to be available (`setAvailability`).',
  })
  status!: PresenceStatus;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When they were last connected. Null when they never were.',
  })
  lastActiveAt!: Date | null;
}
