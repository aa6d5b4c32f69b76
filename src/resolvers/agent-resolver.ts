import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { resolveHandoff } from '../domain/settings-layers';
import { maySeeAgent } from '../domain/policies/settings-policy';
import { presentHandoffSettings, presentResponder } from '../presenters/present-agent';
import { presentWorkspace } from '../presenters/present-workspace';
import { Agent } from '../schema/agent';
import type { AgentHandoffSettings } from '../schema/agent-handoff-settings';
import type { Organization } from '../schema/organization';
import type { Responder } from '../schema/responder';
import type { Workspace } from '../schema/workspace';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';
import { required } from './required';
import { visibleOrganization } from './visible-organization';

/** A visitor sees the name and the picture of the agent that it talks with; how it is set up is the partner's business. */
@Resolver(() => Agent)
export class AgentResolver {
  @FieldResolver()
  async workspace(@Root() root: Agent, @Ctx() context: RequestContext): Promise<Workspace> {
    requireColleague(context, root);
    return presentWorkspace(required(await context.loaders.workspaces.load(root.workspaceRef), 'workspace'));
  }

  @FieldResolver()
  async organization(@Root() root: Agent, @Ctx() context: RequestContext): Promise<Organization | null> {
    return visibleOrganization(context, root);
  }

  @FieldResolver()
  async handoff(@Root() root: Agent, @Ctx() context: RequestContext): Promise<AgentHandoffSettings> {
    requireColleague(context, root);
    const row = required(await context.loaders.agents.load(root.agentRef), 'agent');
    const { organizationId } = row;
    const organization = organizationId === null ? null : await context.loaders.organizations.load(organizationId);
    return presentHandoffSettings(row, resolveHandoff(row, organization), new Date());
  }

  @FieldResolver()
  async responder(@Root() root: Agent, @Ctx() context: RequestContext): Promise<Responder> {
    requireColleague(context, root);
    return presentResponder(required(await context.loaders.agents.load(root.agentRef), 'agent'));
  }

  @FieldResolver()
  allowedOrigins(@Root() root: Agent, @Ctx() context: RequestContext): string[] {
    requireColleague(context, root);
    return root.allowedOrigins;
  }

  @FieldResolver()
  identitySecretCreatedAt(@Root() root: Agent, @Ctx() context: RequestContext): Date | null {
    requireColleague(context, root);
    return root.identitySecretCreatedAt;
  }

  @FieldResolver()
  formerIdentitySecretExpiresAt(@Root() root: Agent, @Ctx() context: RequestContext): Date | null {
    requireColleague(context, root);
    return root.formerIdentitySecretExpiresAt;
  }
}

function requireColleague(context: RequestContext, agent: Agent): void {
  const principal = signedIn(context);
  const subject = { workspaceId: agent.workspaceRef, organizationId: agent.organizationRef, id: agent.agentRef };
  if (principal.kind === 'VISITOR' || !maySeeAgent(principal, subject)) {
    throw forbiddenField('Only people of the organization see how an agent is set up.');
  }
}
