import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Principal } from '../domain/actor';
import { mayEndSessions } from '../domain/policies/member-policy';
import { mayManageMembers, maySeeAgent } from '../domain/policies/settings-policy';
import { presenceStatus } from '../domain/presence';
import { presentAgent } from '../presenters/present-agent';
import { presentOrganization } from '../presenters/present-organization';
import { presentSession } from '../presenters/present-session';
import { presentWorkspace } from '../presenters/present-workspace';
import type { Agent } from '../schema/agent';
import type { NotificationSettings } from '../schema/notification-settings';
import type { Organization } from '../schema/organization';
import { Presence } from '../schema/presence';
import type { Session } from '../schema/session';
import { User } from '../schema/user';
import type { Workspace } from '../schema/workspace';
import { notificationSettingsOf } from './notification-settings-of';
import { forbiddenField } from './request-errors';
import { type RequestContext, sessionIdOf, signedIn } from './request-context';
import { required } from './required';

@Resolver(() => User)
export class UserResolver {
  @FieldResolver()
  async workspace(@Root() root: User, @Ctx() context: RequestContext): Promise<Workspace> {
    return presentWorkspace(required(await context.loaders.workspaces.load(root.workspaceRef), 'workspace'));
  }

  @FieldResolver()
  async organization(@Root() root: User, @Ctx() context: RequestContext): Promise<Organization | null> {
    if (root.organizationRef === null) return null;
    return presentOrganization(
      required(await context.loaders.organizations.load(root.organizationRef), 'organization'),
    );
  }

  @FieldResolver()
  async agents(@Root() root: User, @Ctx() context: RequestContext): Promise<Agent[] | null> {
    if (!root.isLimited) return null;
    const principal = signedIn(context);
    const agents = await context.loaders.limitedAgents.load(root.userRef);
    return agents.filter((agent) => maySeeAgent(principal, agent)).map(presentAgent);
  }

  @FieldResolver()
  async presence(@Root() root: User, @Ctx() context: RequestContext): Promise<Presence> {
    const { isConnected, lastActiveAt } = await context.loaders.presences.load(root.userRef);
    return Object.assign(new Presence(), {
      status: presenceStatus({ connected: isConnected, available: root.isAvailable }),
      lastActiveAt,
    });
  }

  @FieldResolver()
  async sessions(@Root() root: User, @Ctx() context: RequestContext): Promise<Session[] | null> {
    const principal = signedIn(context);
    if (!mayEndSessions(principal, subjectOf(root))) return null;
    const current = sessionIdOf(principal);
    return (await context.loaders.sessionsOf.load(root.userRef)).map((row) => presentSession(row, current));
  }

  @FieldResolver()
  async notificationSettings(@Root() root: User, @Ctx() context: RequestContext): Promise<NotificationSettings> {
    if (!maySeeSettings(signedIn(context), root)) {
      throw forbiddenField('Only the person, and those who manage members, see the notification settings.');
    }
    const row = await context.loaders.notificationSettings.load(root.userRef);
    return notificationSettingsOf(context, row, root.organizationRef);
  }
}

function subjectOf(user: User): Parameters<typeof mayEndSessions>[1] {
  const { userRef: id, workspaceRef: workspaceId, organizationRef: organizationId, workspaceRole } = user;
  return { id, workspaceId, organizationId, workspaceRole };
}

function maySeeSettings(principal: Principal, user: User): boolean {
  const owner = { workspaceId: user.workspaceRef, organizationId: user.organizationRef };
  return (principal.kind === 'USER' && principal.userId === user.userRef) || mayManageMembers(principal, owner);
}
