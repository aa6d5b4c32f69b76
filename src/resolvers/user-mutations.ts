import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createUser } from '../commands/user/create-user';
import { setAvailability } from '../commands/user/set-availability';
import { updateUser } from '../commands/user/update-user';
import type { User as UserRow } from '../entities/user';
import { presentUser } from '../presenters/present-user';
import { CreateUserInput, SetAvailabilityInput, UpdateUserInput } from '../schema/inputs/user-inputs';
import { UserPayload } from '../schema/payloads/user-payloads';
import { announcePresence } from './announce-presence';
import { answer, inputId, inputIds, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class UserMutations {
  @Mutation(() => UserPayload, {
    nullable: true,
    description:
      'Creates a person with a password: a member of an organization (needs MANAGE_MEMBERS there) or staff of the workspace (staff only).',
  })
  async createUser(
    @Arg('input', () => CreateUserInput, INPUT) input: CreateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return answer(async () => {
      const ids = {
        workspaceId: inputId('workspace', input.workspaceId, 'workspaceId'),
        organizationId: optionalInputId('organization', input.organizationId, 'organizationId'),
        agentIds: inputIds('agent', input.agentIds, 'agentIds'),
      };
      return createUser(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => UserPayload, {
    nullable: true,
    description:
      'Changes what is given and leaves the rest. Name, picture and language: your own; permissions, agents and disabling: needs MANAGE_MEMBERS.',
  })
  async updateUser(
    @Arg('input', () => UpdateUserInput, INPUT) input: UpdateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return answer(async () => {
      const ids = { id: inputId('user', input.id, 'id'), agentIds: inputIds('agent', input.agentIds, 'agentIds') };
      return updateUser(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => UserPayload, {
    nullable: true,
    description: 'Whether the signed-in person wants to be counted as online while a dashboard is open.',
  })
  async setAvailability(
    @Arg('input', () => SetAvailabilityInput, INPUT) input: SetAvailabilityInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return answer(async () => {
      const outcome = await setAvailability(context.app.database, signedIn(context), input);
      if (outcome.value !== null) await announcePresence(context, outcome.value);
      return outcome;
    }, payload);
  }
}

function payload(row: UserRow | null): Pick<UserPayload, 'user'> {
  return { user: row && presentUser(row) };
}
