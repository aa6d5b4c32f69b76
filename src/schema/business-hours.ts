import { Field, InputType, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { DateTimeScalar, TimeZoneScalar } from './scalars';

export const Weekday = defineEnum('Weekday', 'A day of the week.', {
  MONDAY: 'Monday, the first day of the ISO week.',
  TUESDAY: 'Tuesday, the second day of the ISO week.',
  WEDNESDAY: 'Wednesday, the third day of the ISO week.',
  THURSDAY: 'Thursday, the fourth day of the ISO week.',
  FRIDAY: 'Friday, the fifth day of the ISO week.',
  SATURDAY: 'Saturday, the sixth day of the ISO week.',
  SUNDAY: 'Sunday, the seventh day of the ISO week.',
});
export type Weekday = keyof typeof Weekday;

const DAY = 'The day on which the period begins and ends.';
const OPENS = 'First minute of the period, as HH:MM on the clocks of the zone.';
const CLOSES =
  'End of the period, as HH:MM; 24:00 is the end of the day. For hours past midnight there are two periods.';
const CLOSED_DAYS = 'Days without any hours, as YYYY-MM-DD in the zone: holidays.';

@ObjectType('OpenPeriod', { description: 'A part of a day in every week on which an organization answers.' })
export class OpenPeriod {
  @Field(() => Weekday, { description: DAY })
  day!: Weekday;

  @Field(() => String, { description: OPENS })
  opens!: string;

  @Field(() => String, { description: CLOSES })
  closes!: string;
}

@ObjectType('BusinessHours', {
  description:
    'When the people of an organization answer. Outside of it visitors are offered the inquiry form instead.',
})
export class BusinessHours {
  @Field(() => TimeZoneScalar, { description: 'The zone whose clocks count, summer time included.' })
  timeZone!: string;

  @Field(() => [OpenPeriod], { description: 'The hours of a week.' })
  weekly!: readonly OpenPeriod[];

  @Field(() => [String], { description: CLOSED_DAYS })
  closedDays!: readonly string[];

  @Field(() => Boolean, { description: 'Whether it is open at this moment.' })
  isOpen!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it opens next, also while it is open. Null when it does not within a year.',
  })
  nextOpening!: Date | null;
}

@InputType('OpenPeriodInput', { description: 'A part of a day in every week on which the organization answers.' })
export class OpenPeriodInput {
  @Field(() => Weekday, { description: DAY })
  day!: Weekday;

  @Field(() => String, { description: OPENS })
  opens!: string;

  @Field(() => String, { description: CLOSES })
  closes!: string;
}

@InputType('BusinessHoursInput', { description: 'Business hours, all of them: they take the place of what was.' })
export class BusinessHoursInput {
  @Field(() => TimeZoneScalar, { description: 'The zone whose clocks count.' })
  timeZone!: string;

  @Field(() => [OpenPeriodInput], { description: 'The hours of a week, at most 50 periods.' })
  weekly!: OpenPeriodInput[];

  @Field(() => [String], { defaultValue: [], description: `${CLOSED_DAYS} At most 400.` })
  closedDays!: string[];
}
