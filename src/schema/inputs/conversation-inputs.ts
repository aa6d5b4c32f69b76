import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('StartConversationInput', {
  description: 'How a visitor begins a conversation with the agent of the session.',
})
export class StartConversationInput {
  @Field(() => String, {
    description:
      'A random text that you make once for this conversation. Sent again, it returns the same conversation and makes no second one.',
  })
  idempotencyKey!: string;
}

@InputType('SendMessageInput', { description: 'A message of a visitor or an operator.' })
export class SendMessageInput {
  @Field(() => ID, { description: 'The conversation to write in. An operator must be the one in control.' })
  conversationId!: string;

  @Field(() => String, {
    description:
      'A random text that you make once for each message, for example a UUID. Sent again, it returns the first message and makes no second one.',
  })
  clientNonce!: string;

  @Field(() => String, {
    description: 'Plain text or Markdown source, at most 8000 code points. Empty only where there are files.',
  })
  text!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Files that were uploaded for this conversation by the same author (createAttachment), at most 5. Each goes with one message.',
  })
  attachmentIds?: string[] | null;
}

@InputType('PostAgentReplyInput', { description: 'A reply of the AI, from its runtime.' })
export class PostAgentReplyInput {
  @Field(() => ID, { description: 'The conversation to answer in.' })
  conversationId!: string;

  @Field(() => String, {
    description: 'A random text that you make once for each reply. The `id` of the turn serves well.',
  })
  clientNonce!: string;

  @Field(() => Int, {
    description:
      '`controlEpoch` of the turn. When control has moved since, the reply is refused with STALE_CONTROL_EPOCH.',
  })
  controlEpoch!: number;

  @Field(() => String, {
    description: 'Plain text or Markdown source, at most 8000 code points. Empty only where there are files.',
  })
  text!: string;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Files that were uploaded for this conversation by the same author (createAttachment), at most 5. Each goes with one message.',
  })
  attachmentIds?: string[] | null;
}

@InputType('MarkReadInput', { description: 'How far the viewer has read.' })
export class MarkReadInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => Int, {
    description: '`sequence` of the newest message that was read. A lower value than before changes nothing.',
  })
  upToSequence!: number;
}

@InputType('SetTypingInput', { description: 'Whether the caller is typing.' })
export class SetTypingInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => Boolean, {
    description: 'True while typing: repeat it every few seconds, as it expires by itself. False on stopping.',
  })
  isTyping!: boolean;
}

@InputType('CloseConversationInput', { description: 'Which conversation to close.' })
export class CloseConversationInput {
  @Field(() => ID, { description: 'The conversation. Takes HANDLE_CONVERSATIONS for its agent.' })
  conversationId!: string;
}
