import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import { Conversation } from './conversation';
import { Handoff } from './handoff';
import { Inquiry } from './inquiry';
import { Message } from './message';
import { Note } from './note';
import { CursorScalar } from './scalars';

function CursorField(): PropertyDecorator {
  return Field(() => CursorScalar, {
    description:
      'Place of this event in the stream. Keep the newest one, and subscribe with it as `after` when the connection broke.',
  });
}

@ObjectType('StreamReady', {
  description:
    'First item of every event stream. If you sent `after` and `recovered` is false, events were lost: load the state again and go on from `cursor`.',
})
export class StreamReady {
  @CursorField()
  cursor!: string;

  @Field(() => Boolean, {
    description:
      'True when everything behind `after` follows without a gap. False when `after` was absent, unknown or too far behind.',
  })
  recovered!: boolean;

  @Field(() => Int, { description: 'How many events follow that happened before you subscribed.' })
  replayed!: number;
}

@ObjectType('MessageAdded', { description: 'A message was written.' })
export class MessageAdded {
  @CursorField()
  cursor!: string;

  @Field(() => Message, { description: 'The new message. Put it in its place by `sequence`.' })
  message?: Message;

  messageRef!: string;
}

@ObjectType('ConversationChanged', {
  description: 'A conversation began, changed hands, was closed or opened again.',
})
export class ConversationChanged {
  @CursorField()
  cursor!: string;

  @Field(() => Conversation, {
    description: 'The conversation as it is now. Drop it if you hold one with a higher `version`.',
  })
  conversation?: Conversation;

  conversationRef!: string;
}

@ObjectType('HandoffChanged', { description: 'A handoff began, or its state changed.' })
export class HandoffChanged {
  @CursorField()
  cursor!: string;

  @Field(() => Handoff, { description: 'The handoff as it is now. Drop it if you hold one with a higher `version`.' })
  handoff?: Handoff;

  handoffRef!: string;
}

@ObjectType('InquiryChanged', { description: 'An inquiry was left, answered or closed.' })
export class InquiryChanged {
  @CursorField()
  cursor!: string;

  @Field(() => Inquiry, { description: 'The inquiry as it is now.' })
  inquiry?: Inquiry;

  inquiryRef!: string;
}

@ObjectType('NoteAdded', { description: 'An operator noted something for the others. Operators alone get it.' })
export class NoteAdded {
  @CursorField()
  cursor!: string;

  @Field(() => Note, { description: 'The new note.' })
  note?: Note;
}

@ObjectType('NoteRemoved', { description: 'A note was deleted. Operators alone get it.' })
export class NoteRemoved {
  @CursorField()
  cursor!: string;

  @Field(() => ID, { description: 'Id of the note that is gone: remove it. Nothing has this id any more.' })
  noteId!: string;

  @Field(() => ID, { description: 'Id of the conversation that it stood beside.' })
  conversationId!: string;
}

@ObjectType('ConversationErased', {
  description:
    'A conversation was erased together with its visitor. Remove all that you hold of it: its messages, notes, handoffs and inquiries, and notifications about it. Asking for it finds nothing.',
})
export class ConversationErased {
  @CursorField()
  cursor!: string;

  @Field(() => ID, { description: 'Id of the conversation that is gone. Nothing has this id any more.' })
  conversationId!: string;
}

export const ConversationEvent = createUnionType({
  name: 'ConversationEvent',
  description: 'What `conversationEvents` delivers. Skip members that you do not know: there may be more later.',
  types: () =>
    [
      StreamReady,
      MessageAdded,
      ConversationChanged,
      HandoffChanged,
      ConversationErased,
      NoteAdded,
      NoteRemoved,
    ] as const,
});
export type ConversationEvent = typeof ConversationEvent;

export const OrganizationEvent = createUnionType({
  name: 'OrganizationEvent',
  description:
    'What `organizationEvents` and `workspaceEvents` deliver. Skip members that you do not know: there may be more later.',
  types: () =>
    [
      StreamReady,
      MessageAdded,
      ConversationChanged,
      HandoffChanged,
      InquiryChanged,
      ConversationErased,
      NoteAdded,
      NoteRemoved,
    ] as const,
});
export type OrganizationEvent = typeof OrganizationEvent;

export const HandoffEvent = createUnionType({
  name: 'HandoffEvent',
  description: 'What `handoffEvents` delivers. Skip members that you do not know: there may be more later.',
  types: () => [StreamReady, HandoffChanged, ConversationErased] as const,
});
export type HandoffEvent = typeof HandoffEvent;
