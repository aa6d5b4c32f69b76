import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { holdsPermission } from '../domain/actor';
import { mayManageWorkspace } from '../domain/policies/settings-policy';
import { decodePublicId } from '../domain/public-id';
import { presentAgent } from '../presenters/present-agent';
import { presentApiKey } from '../presenters/present-api-key';
import { presentHandoff } from '../presenters/present-handoff';
import { presentOrganization } from '../presenters/present-organization';
import { presentPage } from '../presenters/present-page';
import { presentUser } from '../presenters/present-user';
import { presentWorkspace } from '../presenters/present-workspace';
import { listAgents, listApiKeys, listHandoffs, listOrganizations, listStaff } from '../queries/lists';
import type { Branding } from '../schema/branding';
import {
  AgentConnection,
  ApiKeyConnection,
  ConversationConnection,
  HandoffConnection,
  OrganizationConnection,
  UserConnection,
} from '../schema/connections';
import { ConversationPageArgs, HandoffPageArgs, PageArgs } from '../schema/page-args';
import { Workspace } from '../schema/workspace';
import { brandingFor } from './branding';
import { conversationList } from './conversation-list';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';

/** A member of an organization sees name and brand of the workspace; its lists are for staff. */
@Resolver(() => Workspace)
export class WorkspaceResolver {
  @Query(() => Workspace, {
    nullable: true,
    description:
      'The workspace of the signed-in person or key. With `id` or `slug` of another one, null: it is not told apart from one that does not exist.',
  })
  async workspace(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { nullable: true, description: 'Id of the workspace. Without `id` and `slug`: your own.' })
    id?: string | null,
    @Arg('slug', () => String, { nullable: true, description: 'Short name of the workspace, instead of `id`.' })
    slug?: string | null,
  ): Promise<Workspace | null> {
    const principal = signedIn(context);
    if (principal.kind === 'VISITOR') return null;
    const row = await context.loaders.workspaces.load(principal.workspaceId);
    if (row === null) return null;
    const asked = (id == null || decodePublicId('workspace', id) === row.id) && (slug == null || slug === row.slug);
    return asked ? presentWorkspace(row) : null;
  }

  @FieldResolver()
  async branding(@Root() root: Workspace, @Ctx() context: RequestContext): Promise<Branding> {
    return brandingFor(context, root.workspaceRef, null);
  }

  @FieldResolver(() => OrganizationConnection, {
    description: 'The clients of the workspace, oldest first. Staff only.',
  })
  async organizations(
    @Root() root: Workspace,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<OrganizationConnection> {
    requireStaff(context, root);
    const rows = await context.read((manager) => listOrganizations(manager, root.workspaceRef, page));
    return Object.assign(new OrganizationConnection(), presentPage(rows, presentOrganization));
  }

  @FieldResolver(() => AgentConnection, {
    description: 'All agents of the workspace, assigned to an organization or not, oldest first. Staff only.',
  })
  async agents(
    @Root() root: Workspace,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<AgentConnection> {
    requireStaff(context, root);
    const owner = { workspaceId: root.workspaceRef };
    const rows = await context.read((manager) => listAgents(manager, signedIn(context), owner, page));
    return Object.assign(new AgentConnection(), presentPage(rows, presentAgent));
  }

  @FieldResolver(() => UserConnection, { description: 'The people who run the workspace, oldest first. Staff only.' })
  async staff(
    @Root() root: Workspace,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<UserConnection> {
    requireStaff(context, root);
    const rows = await context.read((manager) => listStaff(manager, root.workspaceRef, page));
    return Object.assign(new UserConnection(), presentPage(rows, presentUser));
  }

  @FieldResolver(() => ApiKeyConnection, {
    description: 'The API keys of the workspace, ended ones included, oldest first. Staff only.',
  })
  async apiKeys(
    @Root() root: Workspace,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<ApiKeyConnection> {
    requireStaff(context, root);
    const rows = await context.read((manager) => listApiKeys(manager, root.workspaceRef, page));
    return Object.assign(new ApiKeyConnection(), presentPage(rows, presentApiKey));
  }

  @FieldResolver(() => ConversationConnection, {
    description: 'Conversations of every agent of the workspace, unassigned agents included. Staff only.',
  })
  async conversations(
    @Root() root: Workspace,
    @Args(() => ConversationPageArgs) args: ConversationPageArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConversationConnection> {
    requireReader(context, root);
    return conversationList(context, { workspaceId: root.workspaceRef }, args, info);
  }

  @FieldResolver(() => HandoffConnection, {
    description: 'Handoffs in every organization of the workspace, newest first. Staff only.',
  })
  async handoffs(
    @Root() root: Workspace,
    @Args(() => HandoffPageArgs) args: HandoffPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<HandoffConnection> {
    requireReader(context, root);
    const principal = signedIn(context);
    const owner = { workspaceId: root.workspaceRef };
    const list = listHandoffs(context.readOf(principal), principal, owner, args.states ?? null);
    return Object.assign(new HandoffConnection(), presentPage(await list.page(args), presentHandoff), {
      countTotal: list.count,
    });
  }
}

function requireStaff(context: RequestContext, workspace: Workspace): void {
  const principal = signedIn(context);
  if (!mayManageWorkspace(principal, workspace.workspaceRef)) {
    throw forbiddenField('Only staff of the workspace see this list.');
  }
}

function requireReader(context: RequestContext, workspace: Workspace): void {
  requireStaff(context, workspace);
  const owner = { workspaceId: workspace.workspaceRef, organizationId: null };
  if (!holdsPermission(signedIn(context), 'VIEW_CONVERSATIONS', owner)) {
    throw forbiddenField('This API key lacks the scope CONVERSATIONS.');
  }
}
