import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createOrganization } from '../commands/organization/create-organization';
import { updateOrganization } from '../commands/organization/update-organization';
import type { Organization as OrganizationRow } from '../entities/organization';
import { presentOrganization } from '../presenters/present-organization';
import { CreateOrganizationInput, UpdateOrganizationInput } from '../schema/inputs/organization-inputs';
import { OrganizationPayload } from '../schema/payloads/user-payloads';
import { answer, inputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class OrganizationMutations {
  @Mutation(() => OrganizationPayload, {
    nullable: true,
    description: 'Creates a client of the workspace. Staff only.',
  })
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput, INPUT) input: CreateOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationPayload> {
    return answer(async () => {
      const ids = { workspaceId: inputId('workspace', input.workspaceId, 'workspaceId') };
      return createOrganization(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => OrganizationPayload, {
    nullable: true,
    description: 'Changes what is given and leaves the rest. Needs MANAGE_ORGANIZATION.',
  })
  async updateOrganization(
    @Arg('input', () => UpdateOrganizationInput, INPUT) input: UpdateOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationPayload> {
    return answer(async () => {
      const ids = { id: inputId('organization', input.id, 'id') };
      return updateOrganization(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }
}

function payload(row: OrganizationRow | null): Pick<OrganizationPayload, 'organization'> {
  return { organization: row && presentOrganization(row) };
}
