import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answerInquiry } from '../commands/inquiry/answer-inquiry';
import { assignInquiry } from '../commands/inquiry/assign-inquiry';
import { closeInquiry } from '../commands/inquiry/close-inquiry';
import { submitInquiry } from '../commands/inquiry/submit-inquiry';
import type { Inquiry as InquiryRow } from '../entities/inquiry';
import { presentInquiry } from '../presenters/present-inquiry';
import {
  AnswerInquiryInput,
  AssignInquiryInput,
  CloseInquiryInput,
  SubmitInquiryInput,
} from '../schema/inputs/inquiry-inputs';
import { InquiryPayload } from '../schema/payloads/conversation-payloads';
import { answer, inputId, inputIds, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class InquiryMutations {
  @Mutation(() => InquiryPayload, {
    nullable: true,
    description:
      '"Submit a query": the visitor leaves a question and an address for the answer. The same `idempotencyKey` gives the same inquiry.',
  })
  async submitInquiry(
    @Arg('input', () => SubmitInquiryInput, INPUT) input: SubmitInquiryInput,
    @Ctx() context: RequestContext,
  ): Promise<InquiryPayload> {
    return answer(async () => {
      const conversationId = inputId('conversation', input.conversationId, 'conversationId');
      const attachmentIds = inputIds('attachment', input.attachmentIds, 'attachmentIds') ?? undefined;
      const inquiry = { ...input, conversationId, attachmentIds, name: input.name ?? null };
      return submitInquiry(context.app.database, signedIn(context), inquiry);
    }, payload);
  }

  @Mutation(() => InquiryPayload, {
    nullable: true,
    description: 'Answers an inquiry: into the conversation and by e-mail to the visitor. Needs HANDLE_CONVERSATIONS.',
  })
  async answerInquiry(
    @Arg('input', () => AnswerInquiryInput, INPUT) input: AnswerInquiryInput,
    @Ctx() context: RequestContext,
  ): Promise<InquiryPayload> {
    return answer(async () => {
      const inquiryId = inputId('inquiry', input.inquiryId, 'inquiryId');
      return answerInquiry(context.app.database, signedIn(context), { ...input, inquiryId });
    }, payload);
  }

  @Mutation(() => InquiryPayload, {
    nullable: true,
    description:
      'Says who is to answer an inquiry, or that nobody in particular is. Others may still answer. Whoever answers an inquiry that nobody has gets it. Needs HANDLE_CONVERSATIONS.',
  })
  async assignInquiry(
    @Arg('input', () => AssignInquiryInput, INPUT) input: AssignInquiryInput,
    @Ctx() context: RequestContext,
  ): Promise<InquiryPayload> {
    return answer(async () => {
      const inquiryId = inputId('inquiry', input.inquiryId, 'inquiryId');
      const userId = optionalInputId('user', input.userId ?? null, 'userId');
      return assignInquiry(context.app.database, signedIn(context), { inquiryId, userId });
    }, payload);
  }

  @Mutation(() => InquiryPayload, {
    nullable: true,
    description: 'Puts an inquiry aside, answered or not. Needs HANDLE_CONVERSATIONS.',
  })
  async closeInquiry(
    @Arg('input', () => CloseInquiryInput, INPUT) input: CloseInquiryInput,
    @Ctx() context: RequestContext,
  ): Promise<InquiryPayload> {
    return answer(async () => {
      const inquiryId = inputId('inquiry', input.inquiryId, 'inquiryId');
      return closeInquiry(context.app.database, signedIn(context), { inquiryId });
    }, payload);
  }
}

function payload(row: InquiryRow | null): Pick<InquiryPayload, 'inquiry'> {
  return { inquiry: row && presentInquiry(row) };
}
