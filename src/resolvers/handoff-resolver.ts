import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { seesColleagues } from '../domain/actor';
import { presentHandoffRung } from '../presenters/present-handoff-rung';
import { presentInquiry } from '../presenters/present-inquiry';
import { presentUser } from '../presenters/present-user';
import { Conversation } from '../schema/conversation';
import { Handoff } from '../schema/handoff';
import { HandoffRung, type Rung } from '../schema/handoff-rung';
import { Inquiry } from '../schema/inquiry';
import type { User } from '../schema/user';
import { loadConversation } from './conversation-resolver';
import { type RequestContext, signedIn } from './request-context';
import { required } from './required';

@Resolver(() => Handoff)
export class HandoffResolver {
  @FieldResolver(() => Conversation, { description: 'The conversation that it belongs to, as it is now.' })
  async conversation(@Root() root: Handoff, @Ctx() context: RequestContext): Promise<Conversation> {
    return loadConversation(context, root.conversationRef);
  }

  @FieldResolver()
  summary(@Root() root: Handoff, @Ctx() context: RequestContext): string | null {
    return signedIn(context).kind === 'VISITOR' ? null : (root.summary ?? null);
  }

  @FieldResolver()
  brief(@Root() root: Handoff, @Ctx() context: RequestContext): string | null {
    return signedIn(context).kind === 'VISITOR' ? null : (root.brief ?? null);
  }

  @FieldResolver()
  rung(@Root() root: Handoff, @Ctx() context: RequestContext): Rung | null {
    return signedIn(context).kind === 'VISITOR' ? null : (root.rung ?? null);
  }

  @FieldResolver()
  nextRungAt(@Root() root: Handoff, @Ctx() context: RequestContext): Date | null {
    return signedIn(context).kind === 'VISITOR' ? null : (root.nextRungAt ?? null);
  }

  @FieldResolver(() => [HandoffRung], {
    description:
      'The ladder of the request, in order: who was told when, who is told next, and what it did not come to and why. Empty for takeovers, and for the visitor.',
  })
  async rungs(@Root() root: Handoff, @Ctx() context: RequestContext): Promise<HandoffRung[]> {
    if (signedIn(context).kind === 'VISITOR') return [];
    return (await context.loaders.rungsOfHandoff.load(root.handoffRef)).map(presentHandoffRung);
  }

  @FieldResolver()
  async acceptedBy(@Root() root: Handoff, @Ctx() context: RequestContext): Promise<User | null> {
    if (root.acceptedByRef === null || !seesColleagues(signedIn(context))) return null;
    return presentUser(required(await context.loaders.users.load(root.acceptedByRef), 'user'));
  }

  @FieldResolver()
  async transferredBy(@Root() root: Handoff, @Ctx() context: RequestContext): Promise<User | null> {
    if (root.transferredByRef === null || !seesColleagues(signedIn(context))) return null;
    return presentUser(required(await context.loaders.users.load(root.transferredByRef), 'user'));
  }

  @FieldResolver(() => Inquiry, {
    nullable: true,
    description: 'The newest inquiry that the visitor left after this handoff. Null when there is none.',
  })
  async inquiry(@Root() root: Handoff, @Ctx() context: RequestContext): Promise<Inquiry | null> {
    const newest = (await context.loaders.inquiriesOfHandoff.load(root.handoffRef)).at(-1);
    return newest === undefined ? null : presentInquiry(newest);
  }
}
