import { Field, InputType } from 'type-graphql';
import { DateTimeScalar } from '../scalars';

@InputType('DateRangeInput', { description: 'A range of time, of 366 days at most. Its end is no part of it.' })
export class DateRangeInput {
  @Field(() => DateTimeScalar, { description: 'The first instant that counts.' })
  from!: Date;

  @Field(() => DateTimeScalar, {
    description:
      'The first instant that does not count any more: later than `from`. Take it as the `from` of the next range, and nothing counts twice.',
  })
  to!: Date;
}
