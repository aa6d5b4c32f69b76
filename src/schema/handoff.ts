import { Field, Int, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';
import { Rung } from './handoff-rung';
import { Node } from './node';
import { DateTimeScalar } from './scalars';
import { User } from './user';

export const HandoffState = defineEnum(
  'HandoffState',
  'Where a handoff stands. REQUESTED becomes ACCEPTED, CANCELLED or UNANSWERED; ACCEPTED becomes RETURNED, RESOLVED or, handed ' +
    'to the team, REQUESTED again; the others are final. A takeover without a request begins as ACCEPTED. A conversation has at most one handoff that is not final.',
  {
    REQUESTED: 'Waiting for an operator.',
    ACCEPTED: 'An operator is answering the visitor.',
    RETURNED: 'The operator handed the conversation back to the AI.',
    RESOLVED: 'The operator closed the conversation.',
    UNANSWERED: 'Nobody accepted in time; the AI answers again.',
    CANCELLED: 'The visitor or an operator withdrew the request.',
  },
);
export type HandoffState = keyof typeof HandoffState;

export const HandoffOrigin = defineEnum('HandoffOrigin', 'Who started a handoff.', {
  VISITOR: 'The visitor asked for a person.',
  AI: 'The AI asked for a person.',
  OPERATOR: 'An operator took over without having been asked.',
});
export type HandoffOrigin = keyof typeof HandoffOrigin;

// `conversation` and `inquiry` are declared by their field resolvers: both files import this one.
@ObjectType('Handoff', {
  implements: Node,
  description: 'One episode in which a person was asked for, or took over, from beginning to end.',
})
export class Handoff implements Node {
  id!: string;

  @Field(() => HandoffState, { description: 'Where the handoff stands now.' })
  state!: HandoffState;

  @Field(() => HandoffOrigin, { description: 'Who started it.' })
  origin!: HandoffOrigin;

  @Field(() => String, {
    nullable: true,
    description: 'Why a person was asked for, in the words of the asker. Null when no reason was given.',
  })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The AI's summary of the conversation so far, for the operator. Null when the AI gave none, or the viewer is the visitor.",
  })
  summary?: string | null;

  @Field(() => DateTimeScalar, { description: 'When the person was asked for, or took over.' })
  requestedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Deadline: if it passes while the state is REQUESTED, the handoff becomes UNANSWERED. A transfer to the team sets a new one. Null for takeovers, which do not wait.',
  })
  answerBy!: Date | null;

  @Field(() => Rung, {
    nullable: true,
    description:
      'Who has been told of the request by now: see `rungs`. Null for takeovers, which do not wait, and for the visitor.',
  })
  rung?: Rung | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the next people are told, if it still waits then. Null when there are no more, or it does not wait, or the viewer is the visitor.',
  })
  nextRungAt?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Since when the operator in `acceptedBy` has it: accepted, took over, or got it by a transfer. Null while nobody has it.',
  })
  acceptedAt!: Date | null;

  @Field(() => User, {
    nullable: true,
    description: 'The operator who has it, or had it last. Null while nobody has it, or the viewer is the visitor.',
  })
  acceptedBy?: User | null;

  @Field(() => User, {
    nullable: true,
    description:
      'The operator who handed it on last, to a colleague or to the team; the note is among `Conversation.notes`. Null when nobody did, or the viewer is the visitor.',
  })
  transferredBy?: User | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the handoff reached a final state. Null while it is open.',
  })
  endedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the operator left for the AI on handing back. Null when nothing was left, or the viewer is the visitor.',
  })
  brief?: string | null;

  @Field(() => Int, {
    description: 'Goes up by one at every change: of two copies the one with the higher version is newer.',
  })
  version!: number;

  handoffRef!: string;
  workspaceRef!: string;
  conversationRef!: string;
  acceptedByRef!: string | null;
  transferredByRef!: string | null;
}
