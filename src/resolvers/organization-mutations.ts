import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createOrganization } from '../commands/organization/create-organization';
import { updateOrganization } from '../commands/organization/update-organization';
import { updateOrganizationHandoff } from '../commands/organization/update-organization-handoff';
import type { Organization as OrganizationRow } from '../entities/organization';
import { presentOrganization } from '../presenters/present-organization';
import { CreateOrganizationInput, UpdateOrganizationInput } from '../schema/inputs/organization-inputs';
import { UpdateOrganizationHandoffInput } from '../schema/inputs/organization-handoff-inputs';
import { OrganizationPayload } from '../schema/payloads/user-payloads';
import { ladderOf } from './ladder-input';
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

  @Mutation(() => OrganizationPayload, {
    nullable: true,
    description:
      'Changes how requests reach the people of an organization: who is told after whom, at which hours, how often, and how members are told who have not chosen. Agents and people may have set their own, which win. What is left out stays. Needs MANAGE_ORGANIZATION.',
  })
  async updateOrganizationHandoff(
    @Arg('input', () => UpdateOrganizationHandoffInput, INPUT) input: UpdateOrganizationHandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationPayload> {
    return answer(async () => {
      const organizationId = inputId('organization', input.organizationId, 'organizationId');
      const change = { ...input, organizationId, escalation: ladderOf(input.escalation) };
      return updateOrganizationHandoff(context.app.database, signedIn(context), change);
    }, payload);
  }
}

function payload(row: OrganizationRow | null): Pick<OrganizationPayload, 'organization'> {
  return { organization: row && presentOrganization(row) };
}
