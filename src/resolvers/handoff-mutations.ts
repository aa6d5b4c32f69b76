import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { acceptHandoff } from '../commands/conversation/accept-handoff';
import { cancelHandoff } from '../commands/conversation/cancel-handoff';
import { closeConversation } from '../commands/conversation/close-conversation';
import { handBackToAi } from '../commands/conversation/hand-back-to-ai';
import type { HandoffOutcome } from '../commands/conversation/handoff-outcome';
import { requestHandoff } from '../commands/conversation/request-handoff';
import { transferHandoff } from '../commands/conversation/transfer-handoff';
import { takeOverConversation } from '../commands/conversation/take-over-conversation';
import { presentConversation } from '../presenters/present-conversation';
import { presentHandoff } from '../presenters/present-handoff';
import { CloseConversationInput } from '../schema/inputs/conversation-inputs';
import {
  HandBackToAiInput,
  HandoffInput,
  RequestHandoffInput,
  TakeOverConversationInput,
  TransferHandoffInput,
} from '../schema/inputs/handoff-inputs';
import { ConversationPayload, HandoffPayload } from '../schema/payloads/conversation-payloads';
import { answer, inputId, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class HandoffMutations {
  @Mutation(() => HandoffPayload, {
    nullable: true,
    description: 'Asks for a person: as the visitor, or as the AI with an API key of the agent and its `controlEpoch`.',
  })
  async requestHandoff(
    @Arg('input', () => RequestHandoffInput, INPUT) input: RequestHandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const request = {
        conversationId: inputId('conversation', input.conversationId, 'conversationId'),
        reason: input.reason ?? null,
        summary: input.summary ?? null,
        controlEpoch: input.controlEpoch ?? null,
      };
      return requestHandoff(context.app.database, signedIn(context), request);
    }, payload);
  }

  @Mutation(() => HandoffPayload, {
    nullable: true,
    description: 'Withdraws a request that still waits: by its visitor, or by an operator. The AI goes on.',
  })
  async cancelHandoff(
    @Arg('input', () => HandoffInput, INPUT) input: HandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const handoffId = inputId('handoff', input.handoffId, 'handoffId');
      return cancelHandoff(context.app.database, signedIn(context), { handoffId });
    }, payload);
  }

  @Mutation(() => HandoffPayload, {
    nullable: true,
    description:
      '"Handle chat". Exactly one of several concurrent callers wins; the others get ALREADY_CLAIMED and the winner\'s handoff. A retry by the winner succeeds.',
  })
  async acceptHandoff(
    @Arg('input', () => HandoffInput, INPUT) input: HandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const handoffId = inputId('handoff', input.handoffId, 'handoffId');
      return acceptHandoff(context.app.database, signedIn(context), { handoffId });
    }, payload);
  }

  @Mutation(() => HandoffPayload, {
    nullable: true,
    description:
      '"Continue chat yourself": takes the conversation without a request; a request that waits is accepted by it.',
  })
  async takeOverConversation(
    @Arg('input', () => TakeOverConversationInput, INPUT) input: TakeOverConversationInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const conversationId = inputId('conversation', input.conversationId, 'conversationId');
      const expectedControlEpoch = input.expectedControlEpoch ?? null;
      return takeOverConversation(context.app.database, signedIn(context), { conversationId, expectedControlEpoch });
    }, payload);
  }

  @Mutation(() => HandoffPayload, {
    nullable: true,
    description:
      'Hands a conversation that an operator has to another one, to yourself, or to the team. The AI stays silent all the while. OPERATOR_UNAVAILABLE: that person is not online or may not handle the agent. A retry succeeds and changes nothing.',
  })
  async transferHandoff(
    @Arg('input', () => TransferHandoffInput, INPUT) input: TransferHandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const transfer = {
        handoffId: inputId('handoff', input.handoffId, 'handoffId'),
        toUserId: optionalInputId('user', input.toUserId ?? null, 'toUserId'),
        note: input.note ?? null,
        expectedControlEpoch: input.expectedControlEpoch ?? null,
      };
      return transferHandoff(context.app.database, signedIn(context), transfer);
    }, payload);
  }

  @Mutation(() => HandoffPayload, {
    nullable: true,
    description:
      '"Pass chat to AI". What the visitor wrote last, and nobody answered, becomes the next turn of the AI, with your `brief`.',
  })
  async handBackToAi(
    @Arg('input', () => HandBackToAiInput, INPUT) input: HandBackToAiInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffPayload> {
    return answer(async () => {
      const conversationId = inputId('conversation', input.conversationId, 'conversationId');
      return handBackToAi(context.app.database, signedIn(context), { conversationId, brief: input.brief ?? null });
    }, payload);
  }

  @Mutation(() => ConversationPayload, {
    nullable: true,
    description: 'Closes the conversation; it opens again, with the AI, when the visitor writes.',
  })
  async closeConversation(
    @Arg('input', () => CloseConversationInput, INPUT) input: CloseConversationInput,
    @Ctx() context: RequestContext,
  ): Promise<ConversationPayload> {
    return answer(
      async () => {
        const conversationId = inputId('conversation', input.conversationId, 'conversationId');
        return closeConversation(context.app.database, signedIn(context), { conversationId });
      },
      (value) => ({ conversation: value && presentConversation(value.conversation) }),
    );
  }
}

function payload(value: HandoffOutcome | null): Pick<HandoffPayload, 'handoff' | 'conversation'> {
  return {
    handoff: value?.handoff ? presentHandoff(value.handoff) : null,
    conversation: value && presentConversation(value.conversation),
  };
}
