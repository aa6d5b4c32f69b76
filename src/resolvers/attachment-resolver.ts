import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { createAttachment } from '../commands/attachment/create-attachment';
import type { Attachment as AttachmentRow } from '../entities/attachment';
import { presentAttachment } from '../presenters/present-attachment';
import { Attachment } from '../schema/attachment';
import { CreateAttachmentInput } from '../schema/inputs/attachment-inputs';
import { CreateAttachmentPayload } from '../schema/payloads/attachment-payloads';
import { answer, inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver(() => Attachment)
export class AttachmentResolver {
  @Mutation(() => CreateAttachmentPayload, {
    nullable: true,
    description:
      'Announces a file and says where to upload it. Then send its id in `attachmentIds` of a message or an inquiry: once, and by the same author.',
  })
  async createAttachment(
    @Arg('input', () => CreateAttachmentInput, INPUT) input: CreateAttachmentInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateAttachmentPayload> {
    const { database, attachmentLimits } = context.app;
    return answer(
      async () => {
        const ids = { conversationId: inputId('conversation', input.conversationId, 'conversationId') };
        return createAttachment(database, signedIn(context), { ...input, ...ids }, attachmentLimits);
      },
      (row) => (row === null ? {} : announced(row, context)),
    );
  }

  @FieldResolver()
  url(@Root() root: Attachment, @Ctx() context: RequestContext): string | null {
    if (root.state === 'PENDING') return null;
    const file = { id: root.attachmentRef, byteSize: root.byteSize };
    return context.app.attachmentLinks('DOWNLOAD', root.workspaceRef, file).url;
  }
}

function announced(row: AttachmentRow, context: RequestContext): Omit<CreateAttachmentPayload, 'userErrors'> {
  const { url, expiresAt } = context.app.attachmentLinks('UPLOAD', row.workspaceId, row);
  return { attachment: presentAttachment(row), uploadUrl: url, uploadExpiresAt: expiresAt };
}
