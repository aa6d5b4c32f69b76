import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { eraseVisitor } from '../commands/visitor/erase-visitor';
import { exportVisitor } from '../commands/visitor/export-visitor';
import { encodePublicId } from '../domain/public-id';
import { EraseVisitorInput, ExportVisitorInput } from '../schema/inputs/visitor-inputs';
import { EraseVisitorPayload, ExportVisitorPayload } from '../schema/payloads/visitor-payloads';
import { answer, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class VisitorMutations {
  @Mutation(() => ExportVisitorPayload, {
    nullable: true,
    description:
      'Reads everything that is stored about a visitor, page by page. For staff, for members with MANAGE_ORGANIZATION when all of its conversations are of their organization, and for the visitor itself, who gets no internal notes.',
  })
  async exportVisitor(
    @Arg('input', () => ExportVisitorInput, INPUT) input: ExportVisitorInput,
    @Ctx() context: RequestContext,
  ): Promise<ExportVisitorPayload> {
    return answer(
      async () => {
        const visitorId = optionalInputId('visitor', input.visitorId, 'visitorId') ?? null;
        return exportVisitor(context.app.database, signedIn(context), { visitorId, after: input.after ?? null });
      },
      (page) => ({ records: page === null ? [] : [...page.records], endCursor: page?.endCursor ?? null }),
    );
  }

  @Mutation(() => EraseVisitorPayload, {
    nullable: true,
    description:
      'Erases a visitor with all conversations, handoffs and inquiries, for good. Streams deliver ConversationErased for each conversation. For whoever may export the visitor; asked a second time it answers NOT_FOUND.',
  })
  async eraseVisitor(
    @Arg('input', () => EraseVisitorInput, INPUT) input: EraseVisitorInput,
    @Ctx() context: RequestContext,
  ): Promise<EraseVisitorPayload> {
    return answer(
      async () => {
        const visitorId = optionalInputId('visitor', input.visitorId, 'visitorId') ?? null;
        return eraseVisitor(context.app.database, signedIn(context), { visitorId });
      },
      (erased) => ({ erasedVisitorId: erased && encodePublicId('visitor', erased.visitorId) }),
    );
  }
}
