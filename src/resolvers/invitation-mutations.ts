import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { clientOf } from '../domain/actor';
import { acceptInvitation } from '../commands/invitation/accept-invitation';
import { inviteUser } from '../commands/invitation/invite-user';
import { revokeInvitation } from '../commands/invitation/revoke-invitation';
import type { Invitation as InvitationRow } from '../entities/invitation';
import { presentInvitation } from '../presenters/present-invitation';
import { AcceptInvitationInput, InviteUserInput, RevokeInvitationInput } from '../schema/inputs/user-inputs';
import { SignInPayload } from '../schema/payloads/session-payloads';
import { InvitationPayload } from '../schema/payloads/user-payloads';
import { answer, inputId, inputIds } from './payload';
import { type RequestContext, signedIn } from './request-context';
import { answerSignedIn } from './sign-in-payload';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class InvitationMutations {
  @Mutation(() => InvitationPayload, {
    nullable: true,
    description:
      'Mails somebody a link with which they become a member of the organization: once, within seven days. It replaces an earlier open invitation of the same address. Needs MANAGE_MEMBERS.',
  })
  async inviteUser(
    @Arg('input', () => InviteUserInput, INPUT) input: InviteUserInput,
    @Ctx() context: RequestContext,
  ): Promise<InvitationPayload> {
    return answer(async () => {
      const organizationId = inputId('organization', input.organizationId, 'organizationId');
      const agentIds = inputIds('agent', input.agentIds, 'agentIds');
      const facts = { ...input, organizationId, agentIds };
      return inviteUser(context.app.database, signedIn(context), facts, context.app);
    }, payload);
  }

  @Mutation(() => InvitationPayload, {
    nullable: true,
    description:
      'Withdraws an invitation that nobody has accepted: its link stops working at once. Needs MANAGE_MEMBERS.',
  })
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, INPUT) input: RevokeInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<InvitationPayload> {
    return answer(async () => {
      const id = inputId('invitation', input.id, 'id');
      return revokeInvitation(context.app.database, signedIn(context), { id });
    }, payload);
  }

  @Mutation(() => SignInPayload, {
    nullable: true,
    description:
      'Makes the account of an invited person, for the address that the mail went to, and signs it in. Needs no credential but the token from the mail.',
  })
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput, INPUT) input: AcceptInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInPayload> {
    const facts = { ...input, ...clientOf(context.request) };
    return answerSignedIn(context, () => acceptInvitation(context.app.database, facts, context.app));
  }
}

function payload(row: InvitationRow | null): Pick<InvitationPayload, 'invitation'> {
  return { invitation: row && presentInvitation(row) };
}
