import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { holdsPermission } from '../domain/actor';
import { mayManageMembers, maySee } from '../domain/policies/settings-policy';
import { decodePublicId } from '../domain/public-id';
import { presentAgent } from '../presenters/present-agent';
import { presentHandoff } from '../presenters/present-handoff';
import { presentInvitation } from '../presenters/present-invitation';
import { presentOrganization } from '../presenters/present-organization';
import { presentPage } from '../presenters/present-page';
import { presentUser } from '../presenters/present-user';
import { presentWorkspace } from '../presenters/present-workspace';
import { listAgents, listHandoffs, listMembers } from '../queries/lists';
import type { Branding } from '../schema/branding';
import {
  AgentConnection,
  ConversationConnection,
  HandoffConnection,
  InquiryConnection,
  UserConnection,
} from '../schema/connections';
import { Invitation } from '../schema/invitation';
import { Organization } from '../schema/organization';
import { ConversationPageArgs, HandoffPageArgs, InquiryPageArgs, PageArgs } from '../schema/page-args';
import type { Workspace } from '../schema/workspace';
import { brandingFor } from './branding';
import { conversationList } from './conversation-list';
import { inquiryList } from './inquiry-list';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';
import { required } from './required';

@Resolver(() => Organization)
export class OrganizationResolver {
  @Query(() => Organization, {
    nullable: true,
    description: 'An organization by id: your own, or for staff any of the workspace. Null for every other id.',
  })
  async organization(
    @Arg('id', () => ID, { description: 'Id of the organization.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Organization | null> {
    const principal = signedIn(context);
    const uuid = decodePublicId('organization', id);
    const row = uuid === null ? null : await context.loaders.organizations.load(uuid);
    const visible = row !== null && maySee(principal, { workspaceId: row.workspaceId, organizationId: row.id });
    return visible ? presentOrganization(row) : null;
  }

  @FieldResolver()
  async workspace(@Root() root: Organization, @Ctx() context: RequestContext): Promise<Workspace> {
    return presentWorkspace(required(await context.loaders.workspaces.load(root.workspaceRef), 'workspace'));
  }

  @FieldResolver()
  async branding(@Root() root: Organization, @Ctx() context: RequestContext): Promise<Branding> {
    return brandingFor(context, root.workspaceRef, root.organizationRef);
  }

  @FieldResolver(() => [Invitation], {
    description: 'Invitations of members, ended ones included: the newest 200, newest first. Needs MANAGE_MEMBERS.',
  })
  async invitations(@Root() root: Organization, @Ctx() context: RequestContext): Promise<Invitation[]> {
    const owner = { workspaceId: root.workspaceRef, organizationId: root.organizationRef };
    if (!mayManageMembers(signedIn(context), owner)) throw forbiddenField('You need the permission MANAGE_MEMBERS.');
    return (await context.loaders.invitationsOf.load(root.organizationRef)).map(presentInvitation);
  }

  @FieldResolver()
  streamCursor(@Ctx() context: RequestContext): string {
    return context.streamCursor;
  }

  @FieldResolver(() => UserConnection, {
    description: 'The members of the organization, disabled ones included, oldest first.',
  })
  async members(
    @Root() root: Organization,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<UserConnection> {
    const rows = await context.read((manager) => listMembers(manager, root.organizationRef, page));
    return Object.assign(new UserConnection(), presentPage(rows, presentUser));
  }

  @FieldResolver(() => AgentConnection, {
    description:
      'The agents assigned to the organization, oldest first. A member who is limited sees those agents alone.',
  })
  async agents(
    @Root() root: Organization,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<AgentConnection> {
    const owner = { organizationId: root.organizationRef };
    const rows = await context.read((manager) => listAgents(manager, signedIn(context), owner, page));
    return Object.assign(new AgentConnection(), presentPage(rows, presentAgent));
  }

  @FieldResolver(() => ConversationConnection, {
    description: 'Every conversation that the viewer may see, waiting ones first. Needs VIEW_CONVERSATIONS.',
  })
  async conversations(
    @Root() root: Organization,
    @Args(() => ConversationPageArgs) args: ConversationPageArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConversationConnection> {
    requireReader(context, root);
    return conversationList(context, { organizationId: root.organizationRef }, args, info);
  }

  @FieldResolver(() => HandoffConnection, { description: 'Handoffs, newest first. Needs VIEW_CONVERSATIONS.' })
  async handoffs(
    @Root() root: Organization,
    @Args(() => HandoffPageArgs) args: HandoffPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<HandoffConnection> {
    requireReader(context, root);
    const principal = signedIn(context);
    const list = listHandoffs(context.readOf(principal), principal, ownerOf(root), args.states ?? null);
    return Object.assign(new HandoffConnection(), presentPage(await list.page(args), presentHandoff), {
      countTotal: list.count,
    });
  }

  @FieldResolver(() => InquiryConnection, {
    description: 'What visitors left when nobody answered, newest first. Needs VIEW_CONVERSATIONS.',
  })
  async inquiries(
    @Root() root: Organization,
    @Args(() => InquiryPageArgs) args: InquiryPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<InquiryConnection> {
    requireReader(context, root);
    return inquiryList(context, ownerOf(root), args);
  }
}

function ownerOf(root: Organization): { organizationId: string } {
  return { organizationId: root.organizationRef };
}

/** Throws FORBIDDEN for whoever may not read the conversations of the organization. */
export function requireReader(context: RequestContext, root: Organization): void {
  const principal = signedIn(context);
  const owner = { workspaceId: root.workspaceRef, organizationId: root.organizationRef };
  const reads =
    holdsPermission(principal, 'VIEW_CONVERSATIONS', owner) ||
    holdsPermission(principal, 'HANDLE_CONVERSATIONS', owner);
  if (!reads) throw forbiddenField('You need the permission VIEW_CONVERSATIONS.');
}
