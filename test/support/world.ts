import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '../../src/database/ids';
import { type ApiKeyPrincipal, NOWHERE, type UserPrincipal, type VisitorPrincipal } from '../../src/domain/actor';
import { Agent } from '../../src/entities/agent';
import { ApiKey } from '../../src/entities/api-key';
import { Conversation } from '../../src/entities/conversation';
import { Organization } from '../../src/entities/organization';
import { Session } from '../../src/entities/session';
import { User } from '../../src/entities/user';
import { UserAgent } from '../../src/entities/user-agent';
import { Visitor } from '../../src/entities/visitor';
import { VisitorSession } from '../../src/entities/visitor-session';
import { Workspace } from '../../src/entities/workspace';
import { hashToken, newApiKey, newToken } from '../../src/identity/tokens';
import { newAgent, newConversation, newKey, newSession, newUser, newVisitor } from './world-rows';

/** A row that can act: with a principal for commands and a bearer token that `authenticate` accepts. */
export interface Acting<Row, Principal> {
  readonly row: Row;
  readonly id: string;
  readonly principal: Principal;
  readonly token: string;
}
export type ActingUser = Acting<User, UserPrincipal>;
export type ActingVisitor = Acting<Visitor, VisitorPrincipal> & { readonly resumeToken: string };
export type ActingKey = Acting<ApiKey, ApiKeyPrincipal>;

/** One workspace with everything that commands and queries need. Call `createWorld` twice for a foreign one. */
export interface World {
  readonly workspace: Workspace;
  readonly organization: Organization;
  /** Same workspace, other client; it has one member and one agent. */
  readonly otherOrganization: Organization;
  /** Of `organization`, handoff enabled. */
  readonly agent: Agent;
  /** Of `organization`, handoff enabled; `limited` may not handle it. */
  readonly secondAgent: Agent;
  /** Of `otherOrganization`. */
  readonly otherAgent: Agent;
  readonly unassignedAgent: Agent;
  readonly owner: ActingUser;
  readonly admin: ActingUser;
  /** VIEW_CONVERSATIONS and HANDLE_CONVERSATIONS. */
  readonly operator: ActingUser;
  readonly secondOperator: ActingUser;
  /** Like `operator`, for `agent` alone. */
  readonly limited: ActingUser;
  /** VIEW_CONVERSATIONS alone. */
  readonly viewer: ActingUser;
  /** Every permission of `organization`. */
  readonly manager: ActingUser;
  /** Every permission of `otherOrganization`. */
  readonly otherMember: ActingUser;
  readonly visitor: ActingVisitor;
  /** Of the same agent as `visitor`. */
  readonly otherVisitor: ActingVisitor;
  /** Of `visitor` and `agent`: open, with the AI, no message yet. */
  readonly conversation: Conversation;
  /** The AI runtime of `agent`. */
  readonly agentKey: ActingKey;
  /** The partner's back end. */
  readonly staffKey: ActingKey;
}

export interface WorldOptions {
  /** Laid over `agent`, e.g. `{ whileWaiting: 'AI_ANSWERS' }`. */
  readonly agent?: Partial<Agent>;
}

/** The password of everybody in a world: see world-rows.ts. */
export { WORLD_PASSWORD } from './world-rows';

/** Writes a world of its own in one transaction. */
export async function createWorld(source: DataSource, options: WorldOptions = {}): Promise<World> {
  return source.transaction(async (manager) => {
    const workspaceId = newId();
    const createdAt = new Date();
    const tag = randomBytes(4).toString('hex');
    const workspace: Workspace = { id: workspaceId, slug: `partner-${tag}`, name: 'Partner', branding: {}, createdAt };
    const [organization, otherOrganization] = ['client', 'other'].map((slug): Organization => {
      return {
        id: newId(),
        workspaceId,
        slug,
        name: slug,
        locale: 'en',
        timeZone: 'UTC',
        branding: {},
        alertIntervalSeconds: null,
        escalation: null,
        businessHours: null,
        memberChannels: null,
        memberEvents: null,
        version: 1,
        createdAt,
      };
    }) as [Organization, Organization];
    await manager.insert(Workspace, workspace);
    await manager.insert(Organization, [organization, otherOrganization]);

    const agents = {
      agent: { ...newAgent(workspaceId, organization.id, 'Ada'), ...options.agent },
      secondAgent: newAgent(workspaceId, organization.id, 'Bea'),
      otherAgent: newAgent(workspaceId, otherOrganization.id, 'Cleo'),
      unassignedAgent: newAgent(workspaceId, null, 'Dot'),
    };
    await manager.insert(Agent, Object.values(agents));

    const people = await insertPeople(manager, {
      workspaceId,
      tag,
      organization,
      otherOrganization,
      agent: agents.agent,
    });
    const visitor = await insertVisitor(manager, agents.agent, 'Vera');
    const otherVisitor = await insertVisitor(manager, agents.agent, 'Viktor');
    const conversation = newConversation(agents.agent, visitor.row);
    await manager.insert(Conversation, conversation);
    const agentKey = await insertKey(manager, workspaceId, agents.agent.id);
    const staffKey = await insertKey(manager, workspaceId, null);
    return {
      workspace,
      organization,
      otherOrganization,
      ...agents,
      ...people,
      visitor,
      otherVisitor,
      conversation,
      agentKey,
      staffKey,
    };
  });
}

type People = 'owner' | 'admin' | 'operator' | 'secondOperator' | 'limited' | 'viewer' | 'manager' | 'otherMember';

async function insertPeople(
  manager: EntityManager,
  world: {
    workspaceId: string;
    tag: string;
    organization: Organization;
    otherOrganization: Organization;
    agent: Agent;
  },
): Promise<Record<People, ActingUser>> {
  const handles = ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'] as const;
  const everything = [...handles, 'MANAGE_AGENT_SETTINGS', 'MANAGE_MEMBERS', 'MANAGE_ORGANIZATION'] as const;
  const person = (name: string, change: Partial<User>): User =>
    newUser(world.workspaceId, `${name}.${world.tag}@example.com`, name, change);
  const member = (name: string, permissions: readonly User['permissions'][number][]): User =>
    person(name, { organizationId: world.organization.id, permissions: [...permissions] });
  const users: Record<People, User> = {
    owner: person('olga', { workspaceRole: 'OWNER' }),
    admin: person('adam', { workspaceRole: 'ADMIN' }),
    operator: member('oscar', handles),
    secondOperator: member('sara', handles),
    limited: { ...member('lena', handles), limitedToAgents: true },
    viewer: member('vic', ['VIEW_CONVERSATIONS']),
    manager: member('mona', everything),
    otherMember: { ...member('otto', everything), organizationId: world.otherOrganization.id },
  };
  await manager.insert(User, Object.values(users));
  await manager.insert(UserAgent, {
    workspaceId: world.workspaceId,
    userId: users.limited.id,
    agentId: world.agent.id,
  });

  const acting: Partial<Record<People, ActingUser>> = {};
  const sessions: Session[] = [];
  for (const [name, user] of Object.entries(users) as [People, User][]) {
    const token = newToken('USER_SESSION');
    const session = newSession(user, token);
    sessions.push(session);
    const agentIds = user.limitedToAgents ? [world.agent.id] : null;
    acting[name] = { row: user, id: user.id, token, principal: principalOf(user, session.id, agentIds) };
  }
  await manager.insert(Session, sessions);
  return acting as Record<People, ActingUser>;
}

/** What `authenticate` would make of a user's session. */
export function principalOf(user: User, sessionId: string, agentIds: string[] | null = null): UserPrincipal {
  const { workspaceId, id: userId, organizationId, workspaceRole, permissions } = user;
  const rights = { organizationId, workspaceRole, permissions, agentIds };
  return { kind: 'USER', workspaceId, userId, sessionId, impersonatorId: null, ...rights, ...NOWHERE };
}

/** A visitor of the agent, with a session. */
export async function insertVisitor(manager: EntityManager, agent: Agent, displayName: string): Promise<ActingVisitor> {
  const { workspaceId, id: agentId } = agent;
  const [token, resumeToken] = [newToken('VISITOR_SESSION'), newToken('VISITOR_RESUME')];
  const createdAt = new Date();
  const row = newVisitor(agent, displayName, resumeToken);
  await manager.insert(Visitor, row);
  const expiresAt = new Date(createdAt.getTime() + 3_600_000);
  const sessionId = newId();
  const session = { id: sessionId, workspaceId, visitorId: row.id, tokenHash: hashToken(token), createdAt, expiresAt };
  await manager.insert(VisitorSession, session);
  return {
    row,
    id: row.id,
    token,
    resumeToken,
    principal: { kind: 'VISITOR', workspaceId, visitorId: row.id, sessionId, agentId, ...NOWHERE },
  };
}

async function insertKey(manager: EntityManager, workspaceId: string, agentId: string | null): Promise<ActingKey> {
  const { prefix, key: token } = newApiKey();
  const row = newKey(workspaceId, agentId, { prefix, token });
  await manager.insert(ApiKey, row);
  return { row, id: row.id, token, principal: keyPrincipal(row) };
}

/** What `authenticate` would make of the newest secret of a key. */
function keyPrincipal({ workspaceId, id: keyId, agentId, scopes, secretVersion }: ApiKey): ApiKeyPrincipal {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId, keyId, agentId, scopes, secretVersion };
}
