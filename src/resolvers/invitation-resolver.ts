import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { maySee } from '../domain/policies/settings-policy';
import { presentUser } from '../presenters/present-user';
import { Invitation } from '../schema/invitation';
import type { User } from '../schema/user';
import { type RequestContext, signedIn } from './request-context';

@Resolver(() => Invitation)
export class InvitationResolver {
  @FieldResolver()
  async invitedBy(@Root() root: Invitation, @Ctx() context: RequestContext): Promise<User | null> {
    const row = root.invitedByRef === null ? null : await context.loaders.users.load(root.invitedByRef);
    return row !== null && maySee(signedIn(context), row) ? presentUser(row) : null;
  }
}
