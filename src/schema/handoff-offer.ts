import { Field, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { DateTimeScalar } from './scalars';
import { OperatorCard } from './operator-card';

export const HandoffOfferMode = defineEnum('HandoffOfferMode', 'How the widget has to offer a person.', {
  NONE: 'Offer none; `reason` says why. Show the inquiry form instead if `inquiryAvailable`.',
  POPUP: 'Show the popup when the visitor looks for help.',
  FIXED_POPUP: "Show the popup at the top of the agent's window all the time.",
});
export type HandoffOfferMode = keyof typeof HandoffOfferMode;

export const HandoffUnavailableReason = defineEnum('HandoffUnavailableReason', 'Why no handoff is offered.', {
  DISABLED: 'The agent does not offer handoff.',
  NO_OPERATORS: 'Nobody is set up to answer for this agent.',
  OUTSIDE_BUSINESS_HOURS: 'It is not the time at which people answer: see `nextOpening`.',
  NOBODY_ONLINE: 'There are operators, and none of them is online.',
  ALREADY_REQUESTED: 'A request is waiting. Show that it is, and offer to cancel it.',
  HUMAN_IN_CONTROL: 'A person is answering already.',
  CONVERSATION_CLOSED: 'The conversation is closed. It opens again when the visitor writes.',
});
export type HandoffUnavailableReason = keyof typeof HandoffUnavailableReason;

@ObjectType('HandoffOffer', {
  description:
    'What the widget has to show at this moment about talking with a person. Ask again when the conversation has changed.',
})
export class HandoffOffer {
  @Field(() => HandoffOfferMode, { description: 'Whether and how to offer a person.' })
  mode!: HandoffOfferMode;

  @Field(() => HandoffUnavailableReason, {
    nullable: true,
    description: 'Why no person is offered. Null unless `mode` is NONE.',
  })
  reason!: HandoffUnavailableReason | null;

  @Field(() => String, { description: 'First line of the popup.' })
  title!: string;

  @Field(() => String, { description: 'Second line of the popup.' })
  subtitle!: string;

  @Field(() => Int, { description: 'How many operators could answer at this moment.' })
  operatorsOnline!: number;

  @Field(() => [OperatorCard], { description: 'Some operators to show in the popup, those online first.' })
  operators!: OperatorCard[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When people answer again. Null unless `reason` is OUTSIDE_BUSINESS_HOURS, or when it is not within a year.',
  })
  nextOpening!: Date | null;

  @Field(() => Boolean, { description: 'Whether to show the form for `submitInquiry`.' })
  inquiryAvailable!: boolean;
}
