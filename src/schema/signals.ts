import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import { Actor } from './actor';
import { defineEnum } from './define-enum';
import { Presence } from './presence';
import { DateTimeScalar } from './scalars';

@ObjectType('TypingChanged', { description: 'Somebody began or stopped typing.' })
export class TypingChanged {
  @Field(() => Actor, { description: 'Who types. Visitors see operators as OperatorCard.' })
  actor!: Actor;

  @Field(() => Boolean, { description: 'True while they type.' })
  isTyping!: boolean;

  @Field(() => DateTimeScalar, {
    description: 'Take the typing mark away at this instant, even if no other signal comes.',
  })
  expiresAt!: Date;
}

@ObjectType('PresenceChanged', { description: 'Somebody in the conversation came or went.' })
export class PresenceChanged {
  @Field(() => Actor, { description: 'Who came or went. Visitors see operators as OperatorCard.' })
  actor!: Actor;

  @Field(() => Presence, { description: 'Whether they can be reached now.' })
  presence!: Presence;
}

@ObjectType('ReplyDelta', {
  description:
    'A piece of a reply that the AI is still writing. Append the pieces of one `turnId`, and replace the whole by the message when ' +
    'MessageAdded brings it. Throw the pieces away when control changes: then no message follows.',
})
export class ReplyDelta {
  @Field(() => ID, { description: 'The turn that this piece belongs to.' })
  turnId!: string;

  @Field(() => Int, {
    description: "The conversation's `controlEpoch` in which the reply is written. Ignore pieces of an older one.",
  })
  controlEpoch!: number;

  @Field(() => String, { description: 'Text to append, as Markdown source.' })
  text!: string;
}

export const ReadMarkReader = defineEnum('ReadMarkReader', 'Whose read mark it is.', {
  VISITOR: 'The visitor: `Conversation.visitorReadSequence`.',
  OPERATOR: 'The operator who has the conversation: `Conversation.operatorReadSequence`.',
});
export type ReadMarkReader = keyof typeof ReadMarkReader;

@ObjectType('ReadMarkChanged', {
  description:
    'The visitor, or the operator who has the conversation, has read on. Nothing comes for what they write: whoever writes has read up to there.',
})
export class ReadMarkChanged {
  @Field(() => ReadMarkReader, { description: 'Who has read.' })
  reader!: ReadMarkReader;

  @Field(() => Int, {
    description: '`sequence` of the newest message that was read. Ignore it if you know of a higher one.',
  })
  upToSequence!: number;
}

export const ConversationSignal = createUnionType({
  name: 'ConversationSignal',
  description:
    'What `conversationSignals` delivers. Signals have no cursor, may be lost and go out of date by themselves.',
  types: () => [TypingChanged, PresenceChanged, ReplyDelta, ReadMarkChanged] as const,
});
export type ConversationSignal = typeof ConversationSignal;
