import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('RequestHandoffInput', { description: 'How a visitor, or the AI runtime, asks for a person.' })
export class RequestHandoffInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why a person is wanted. Operators read it; the AI has to give one.',
  })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Summary of the conversation so far, for the operator. From the AI only.',
  })
  summary?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '`controlEpoch` of the turn, required from the AI runtime. When control has moved since, the answer is STALE_CONTROL_EPOCH.',
  })
  controlEpoch?: number | null;
}

@InputType('HandoffInput', { description: 'Which handoff to accept or to cancel.' })
export class HandoffInput {
  @Field(() => ID, { description: 'The handoff, as in `Conversation.handoff`.' })
  handoffId!: string;
}

@InputType('TakeOverConversationInput', { description: 'Which conversation to answer in person.' })
export class TakeOverConversationInput {
  @Field(() => ID, { description: 'The conversation. Takes HANDLE_CONVERSATIONS for its agent.' })
  conversationId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `controlEpoch` that you have seen. If control has moved since, the answer is STALE_CONTROL_EPOCH. Without it you take over in any case.',
  })
  expectedControlEpoch?: number | null;
}

@InputType('TransferHandoffInput', { description: 'Which handoff goes to whom.' })
export class TransferHandoffInput {
  @Field(() => ID, { description: 'The handoff, as in `Conversation.handoff`; an operator has it.' })
  handoffId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The operator who has the conversation from now on: one of `Conversation.transferTargets`, or yourself. Null: the team; it waits then, with the AI silent, until somebody accepts or the deadline passes.',
  })
  toUserId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the next operator should know, at most 2000 code points. It becomes a note of the conversation: neither the visitor nor the AI ever sees it.',
  })
  note?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `controlEpoch` that you have seen. If control has moved since, the answer is STALE_CONTROL_EPOCH. Without it you hand on in any case.',
  })
  expectedControlEpoch?: number | null;
}

@InputType('HandBackToAiInput', { description: 'Which conversation to give back to the AI.' })
export class HandBackToAiInput {
  @Field(() => ID, { description: 'The conversation, in which an operator is in control.' })
  conversationId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the AI should know before it goes on. The visitor does not see it.',
  })
  brief?: string | null;
}
