import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { seesColleagues } from '../domain/actor';
import { presentHandoff } from '../presenters/present-handoff';
import { presentInquiryAnswer } from '../presenters/present-inquiry';
import { presentDelivery } from '../presenters/present-notification';
import { presentUser } from '../presenters/present-user';
import type { Conversation } from '../schema/conversation';
import type { Delivery } from '../schema/delivery';
import type { Handoff } from '../schema/handoff';
import { Inquiry, InquiryAnswer } from '../schema/inquiry';
import type { User } from '../schema/user';
import { loadConversation } from './conversation-resolver';
import { type RequestContext, signedIn } from './request-context';
import { required, stillThere } from './required';

@Resolver(() => Inquiry)
export class InquiryResolver {
  @FieldResolver()
  async conversation(@Root() root: Inquiry, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  async handoff(@Root() root: Inquiry, @Ctx() context: RequestContext): Promise<Handoff | null> {
    if (root.handoffRef === null) return null;
    return presentHandoff(stillThere(await context.loaders.handoffs.load(root.handoffRef), 'handoff'));
  }

  @FieldResolver()
  async assignee(@Root() root: Inquiry, @Ctx() context: RequestContext): Promise<User | null> {
    if (root.assigneeRef === null || !seesColleagues(signedIn(context))) return null;
    return presentUser(required(await context.loaders.users.load(root.assigneeRef), 'user'));
  }

  @FieldResolver()
  async answers(@Root() root: Inquiry, @Ctx() context: RequestContext): Promise<InquiryAnswer[]> {
    return (await context.loaders.answersOfInquiry.load(root.inquiryRef)).map(presentInquiryAnswer);
  }
}

@Resolver(() => InquiryAnswer)
export class InquiryAnswerResolver {
  @FieldResolver()
  async author(@Root() root: InquiryAnswer, @Ctx() context: RequestContext): Promise<User | null> {
    if (root.authorRef === null || !seesColleagues(signedIn(context))) return null;
    return presentUser(required(await context.loaders.users.load(root.authorRef), 'user'));
  }

  @FieldResolver()
  async delivery(@Root() root: InquiryAnswer, @Ctx() context: RequestContext): Promise<Delivery> {
    const [delivery] = await context.loaders.deliveriesOfAnswer.load(root.inquiryAnswerRef);
    const shown = presentDelivery(stillThere(delivery, 'delivery'));
    // A visitor learns whether the mail has left; what the mail server said is for colleagues.
    return seesColleagues(signedIn(context)) ? shown : Object.assign(shown, { detail: null, canRetry: false });
  }
}
