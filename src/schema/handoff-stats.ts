import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Actor } from './actor';

@ObjectType('DurationStats', { description: 'How long something took: the middle, and the slow end.' })
export class DurationStats {
  @Field(() => Int, { description: 'How many durations were measured. Show no percentile of a handful.' })
  count!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The median, in milliseconds: half of them took no longer. Null when none was measured.',
  })
  p50Ms!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'In milliseconds: nine of ten took no longer. Null when none was measured.',
  })
  p90Ms!: number | null;
}

@ObjectType('OperatorStats', {
  description:
    'What one operator did with the handoffs of the range. A handoff counts once for each time that the operator had it.',
})
export class OperatorStats {
  @Field(() => Actor, {
    nullable: true,
    description:
      'The operator: a User where you may see the account, else an OperatorCard. Null when the account is gone.',
  })
  operator?: Actor | null;

  @Field(() => Int, { description: 'How often the operator accepted one that was waiting, for the team as well.' })
  accepted!: number;

  @Field(() => Int, { description: 'How often the operator took over without a request.' })
  takenOver!: number;

  @Field(() => Int, { description: 'How often one was handed to the operator, or taken from a colleague.' })
  received!: number;

  @Field(() => Int, { description: 'How often it was handed back to the AI while the operator had it.' })
  returned!: number;

  @Field(() => Int, { description: 'How often the conversation was closed while the operator had it.' })
  resolved!: number;

  @Field(() => Int, { description: 'How often it went on to a colleague or to the team.' })
  transferred!: number;

  @Field(() => DurationStats, {
    description:
      'From the request until this operator was the first to accept it. Without takeovers, transfers, and what had been accepted before.',
  })
  waitingTime!: DurationStats;

  @Field(() => DurationStats, {
    description:
      "From the moment at which the operator got it to the operator's first message of kind TEXT. Without those in which the operator wrote none.",
  })
  firstResponse!: DurationStats;

  @Field(() => DurationStats, {
    description: 'How long the operator had it each time. Without those that the operator still has.',
  })
  handlingTime!: DurationStats;

  userRef!: string;
}

@ObjectType('HandoffStats', {
  description:
    'What became of the handoffs that began in a range of time. Everything is about these alone, whenever it happened: figures of a past range still move while some of them are open.',
})
export class HandoffStats {
  @Field(() => Int, {
    description:
      'How many requests there were, by visitors and by the AI. Without takeovers; a transfer is no second request.',
  })
  requested!: number;

  @Field(() => Int, {
    description: 'How many of the requests an operator has had at least once, however they ended.',
  })
  accepted!: number;

  @Field(() => Int, {
    description: 'How many wait at this moment, those included that were handed to the team.',
  })
  waiting!: number;

  @Field(() => Int, {
    description:
      'How many ended because nobody accepted in time. One that was accepted and then handed to the team counts here and in `accepted`.',
  })
  unanswered!: number;

  @Field(() => Int, { description: 'How many were withdrawn while they waited, by the visitor or by an operator.' })
  cancelled!: number;

  @Field(() => Int, { description: 'How often an operator took over without a request.' })
  takenOver!: number;

  @Field(() => Int, { description: 'How many an operator has at this moment, takeovers included.' })
  inProgress!: number;

  @Field(() => Int, { description: 'How many were handed back to the AI, takeovers included.' })
  returned!: number;

  @Field(() => Int, {
    description: 'How many ended because the operator closed the conversation, takeovers included.',
  })
  resolved!: number;

  @Field(() => Int, { description: 'How often one of them went from an operator to a colleague or to the team.' })
  transfers!: number;

  @Field(() => DurationStats, {
    description:
      'From the request until the first operator accepted it. Without takeovers, which do not wait, and without what nobody accepted (yet): cancelled, unanswered, waiting.',
  })
  waitingTime!: DurationStats;

  @Field(() => DurationStats, {
    description:
      'From the moment at which the first operator had it to the first message of kind TEXT of an operator who had it, takeovers included. Without those in which no operator has written, and without answers to inquiries.',
  })
  firstResponse!: DurationStats;

  @Field(() => DurationStats, {
    description:
      'How long operators had it, all of them together, takeovers included. Without the time in which it waited for the team, without those that are still open, and without what nobody accepted.',
  })
  handlingTime!: DurationStats;

  @Field(() => [OperatorStats], {
    description:
      "Each operator who has had one of them, the busiest first. Without MANAGE_MEMBERS only yourself: how colleagues work is not everybody's to read.",
  })
  operators!: OperatorStats[];
}
