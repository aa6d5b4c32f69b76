import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createCannedAnswer } from '../commands/canned-answer/create-canned-answer';
import { deleteCannedAnswer } from '../commands/canned-answer/delete-canned-answer';
import { updateCannedAnswer } from '../commands/canned-answer/update-canned-answer';
import { encodePublicId } from '../domain/public-id';
import type { CannedAnswer as CannedAnswerRow } from '../entities/canned-answer';
import { presentCannedAnswer } from '../presenters/present-canned-answer';
import {
  CreateCannedAnswerInput,
  DeleteCannedAnswerInput,
  UpdateCannedAnswerInput,
} from '../schema/inputs/canned-answer-inputs';
import { CannedAnswerPayload, DeleteCannedAnswerPayload } from '../schema/payloads/canned-answer-payloads';
import { answer, inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class CannedAnswerMutations {
  @Mutation(() => CannedAnswerPayload, {
    nullable: true,
    description: 'Writes an answer down for the operators of an organization. Needs MANAGE_ORGANIZATION.',
  })
  async createCannedAnswer(
    @Arg('input', () => CreateCannedAnswerInput, INPUT) input: CreateCannedAnswerInput,
    @Ctx() context: RequestContext,
  ): Promise<CannedAnswerPayload> {
    return answer(async () => {
      const ids = { organizationId: inputId('organization', input.organizationId, 'organizationId') };
      return createCannedAnswer(context.app.database, signedIn(context), { ...input, ...ids });
    }, payload);
  }

  @Mutation(() => CannedAnswerPayload, {
    nullable: true,
    description: 'Changes what is given and leaves the rest. Needs MANAGE_ORGANIZATION.',
  })
  async updateCannedAnswer(
    @Arg('input', () => UpdateCannedAnswerInput, INPUT) input: UpdateCannedAnswerInput,
    @Ctx() context: RequestContext,
  ): Promise<CannedAnswerPayload> {
    return answer(async () => {
      const ids = { id: inputId('cannedAnswer', input.id, 'id') };
      return updateCannedAnswer(context.app.database, signedIn(context), { ...input, ...ids });
    }, payload);
  }

  @Mutation(() => DeleteCannedAnswerPayload, {
    nullable: true,
    description: 'Deletes a canned answer. What was sent with it stays as it is. Needs MANAGE_ORGANIZATION.',
  })
  async deleteCannedAnswer(
    @Arg('input', () => DeleteCannedAnswerInput, INPUT) input: DeleteCannedAnswerInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteCannedAnswerPayload> {
    return answer(
      async () => {
        const id = inputId('cannedAnswer', input.id, 'id');
        return deleteCannedAnswer(context.app.database, signedIn(context), { id });
      },
      (deleted) => ({ deletedCannedAnswerId: deleted && encodePublicId('cannedAnswer', deleted.id) }),
    );
  }
}

function payload(row: CannedAnswerRow | null): Pick<CannedAnswerPayload, 'cannedAnswer'> {
  return { cannedAnswer: row && presentCannedAnswer(row) };
}
