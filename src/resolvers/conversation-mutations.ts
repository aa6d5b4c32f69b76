import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { markRead, type MarkedRead } from '../commands/conversation/mark-read';
import { postAgentReply } from '../commands/conversation/post-agent-reply';
import { sendMessage } from '../commands/conversation/send-message';
import type { SentMessage } from '../commands/conversation/sent-message';
import { startConversation } from '../commands/conversation/start-conversation';
import type { Conversation as ConversationRow } from '../entities/conversation';
import { presentConversation } from '../presenters/present-conversation';
import { presentMessage } from '../presenters/present-message';
import {
  MarkReadInput,
  PostAgentReplyInput,
  SendMessageInput,
  SetTypingInput,
  StartConversationInput,
} from '../schema/inputs/conversation-inputs';
import { ConversationPayload, SendMessagePayload, SetTypingPayload } from '../schema/payloads/conversation-payloads';
import { answer, inputId, inputIds } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { announceReadMark } from './announce-read-mark';
import { announceTyping } from './announce-typing';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class ConversationMutations {
  @Mutation(() => ConversationPayload, {
    nullable: true,
    description:
      'Starts a conversation of the visitor with its agent. The same `idempotencyKey` gives the same conversation. Visitors only.',
  })
  async startConversation(
    @Arg('input', () => StartConversationInput, INPUT) input: StartConversationInput,
    @Ctx() context: RequestContext,
  ): Promise<ConversationPayload> {
    return answer(() => startConversation(context.app.database, signedIn(context), input), conversationPayload);
  }

  @Mutation(() => SendMessagePayload, {
    nullable: true,
    description:
      'Writes as the visitor, or as the operator who has the conversation. A retry with the same `clientNonce` returns the first message.',
  })
  async sendMessage(
    @Arg('input', () => SendMessageInput, INPUT) input: SendMessageInput,
    @Ctx() context: RequestContext,
  ): Promise<SendMessagePayload> {
    return answer(async () => {
      const { conversationId, attachmentIds } = writtenIds(input);
      const { clientNonce, text } = input;
      const written = { conversationId, clientNonce, text, attachmentIds };
      return sendMessage(context.app.database, signedIn(context), written);
    }, messagePayload);
  }

  @Mutation(() => SendMessagePayload, {
    nullable: true,
    description:
      'Writes as the AI, with an API key of the agent. Refused with STALE_CONTROL_EPOCH once control has moved: then drop the reply.',
  })
  async postAgentReply(
    @Arg('input', () => PostAgentReplyInput, INPUT) input: PostAgentReplyInput,
    @Ctx() context: RequestContext,
  ): Promise<SendMessagePayload> {
    return answer(async () => {
      const ids = writtenIds(input);
      return postAgentReply(context.app.database, signedIn(context), { ...input, ...ids });
    }, messagePayload);
  }

  @Mutation(() => ConversationPayload, {
    nullable: true,
    description:
      'Says how far the signed-in person or visitor has read. Never moves back; `unreadCount` follows from it. Of the visitor, and of the operator who has the conversation, the others are told.',
  })
  async markRead(
    @Arg('input', () => MarkReadInput, INPUT) input: MarkReadInput,
    @Ctx() context: RequestContext,
  ): Promise<ConversationPayload> {
    return answer(
      async () => {
        const ids = { conversationId: inputId('conversation', input.conversationId, 'conversationId') };
        const outcome = await markRead(context.app.database, signedIn(context), { ...input, ...ids });
        if (outcome.value !== null) announceReadMark(context, outcome.value);
        return outcome;
      },
      (marked: MarkedRead | null) => conversationPayload(marked && marked.conversation),
    );
  }

  @Mutation(() => SetTypingPayload, {
    nullable: true,
    description:
      'Tells the others that you are typing, for the next 6 seconds. Repeat it every few seconds while it lasts.',
  })
  async setTyping(
    @Arg('input', () => SetTypingInput, INPUT) input: SetTypingInput,
    @Ctx() context: RequestContext,
  ): Promise<SetTypingPayload> {
    return answer(
      async () => {
        const conversationId = inputId('conversation', input.conversationId, 'conversationId');
        return announceTyping(context, conversationId, input.isTyping);
      },
      () => ({}),
    );
  }
}

function writtenIds(input: SendMessageInput | PostAgentReplyInput): {
  readonly conversationId: string;
  readonly attachmentIds: readonly string[] | undefined;
} {
  return {
    conversationId: inputId('conversation', input.conversationId, 'conversationId'),
    attachmentIds: inputIds('attachment', input.attachmentIds, 'attachmentIds') ?? undefined,
  };
}

function conversationPayload(row: ConversationRow | null): Pick<ConversationPayload, 'conversation'> {
  return { conversation: row && presentConversation(row) };
}

function messagePayload(sent: SentMessage | null): Pick<SendMessagePayload, 'message' | 'wasDuplicate'> {
  return { message: sent && presentMessage(sent.message), wasDuplicate: sent?.wasDuplicate ?? false };
}
