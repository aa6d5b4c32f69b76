import { Field, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { DateTimeScalar } from './scalars';

export const Rung = defineEnum('Rung', 'Who is told of a request that waits, in this order.', {
  ONLINE: 'The operators who are online.',
  EVERYONE: 'Everybody who may handle the agent.',
  FALLBACK: 'The members that the organization has named for what nobody answers.',
  UNANSWERED: 'Nobody accepted in time.',
});
export type Rung = keyof typeof Rung;

export const RungState = defineEnum('RungState', 'Whether it came to a rung.', {
  WAITING: 'Not yet: it is reached at `dueAt`, unless the request ends before.',
  REACHED: 'These people were told, by what each has set.',
  SKIPPED: 'It does not come to that; `detail` says why.',
});
export type RungState = keyof typeof RungState;

export const RungDetail = defineEnum('RungDetail', 'Why a rung was skipped.', {
  NOBODY_ONLINE: 'Nobody was online, so everybody was told at once.',
  TOO_LATE: 'The request ends before: its deadline is earlier.',
  ENDED: 'Somebody accepted, or the request was cancelled, before it came to that.',
});
export type RungDetail = keyof typeof RungDetail;

@ObjectType('HandoffRung', {
  description:
    'One step of the ladder that a request climbs while it waits: the ladder as it was when the request was made.',
})
export class HandoffRung {
  @Field(() => Rung, { description: 'Who is told.' })
  rung!: Rung;

  @Field(() => RungState, { description: 'Whether it came to that.' })
  state!: RungState;

  @Field(() => DateTimeScalar, { description: 'When they are told, if the request still waits then.' })
  dueAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When they were told. Null unless `state` is REACHED.' })
  reachedAt!: Date | null;

  @Field(() => RungDetail, { nullable: true, description: 'Why it was skipped. Null unless `state` is SKIPPED.' })
  detail!: RungDetail | null;
}
