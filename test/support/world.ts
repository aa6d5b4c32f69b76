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
import { insertAll } from './insert-all';
import { newAgent, newConversation, newKey, newOrganization, newSession, newUser, newVisitor } from './world-rows';

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

/** Writes a world of its own in one statement: suites have hundreds of them. */
export async function createWorld(source: DataSource, options: WorldOptions = {}): Promise<World> {
  const workspaceId = newId();
  const createdAt = new Date();
  const tag = randomBytes(4).toString('hex');
  const workspace: Workspace = { id: workspaceId, slug: `partner-${tag}`, name: 'Partner', branding: {}, createdAt };
  const organization = newOrganization(workspaceId, 'client', createdAt);
  const otherOrganization = newOrganization(workspaceId, 'other', createdAt);
  const agents = {
    agent: { ...newAgent(workspaceId, organization.id, 'Ada'), ...options.agent },
    secondAgent: newAgent(workspaceId, organization.id, 'Bea'),
    otherAgent: newAgent(workspaceId, otherOrganization.id, 'Cleo'),
    unassignedAgent: newAgent(workspaceId, null, 'Dot'),
  };
  const { people, sessions } = newPeople({ workspaceId, tag, organization, otherOrganization, agent: agents.agent });
  const [visitor, otherVisitor] = [newActingVisitor(agents.agent, 'Vera'), newActingVisitor(agents.agent, 'Viktor')];
  const conversation = newConversation(agents.agent, visitor.acting.row);
  const [agentKey, staffKey] = [newActingKey(workspaceId, agents.agent.id), newActingKey(workspaceId, null)];
  const limitation = { workspaceId, userId: people.limited.id, agentId: agents.agent.id };
  await insertAll(source.manager, [
    { entity: Workspace, rows: [workspace] },
    { entity: Organization, rows: [organization, otherOrganization] },
    { entity: Agent, rows: Object.values(agents) },
    { entity: User, rows: Object.values(people).map(({ row }) => row) },
    { entity: UserAgent, rows: [limitation] },
    { entity: Session, rows: sessions },
    { entity: Visitor, rows: [visitor.acting.row, otherVisitor.acting.row] },
    { entity: VisitorSession, rows: [visitor.session, otherVisitor.session] },
    { entity: Conversation, rows: [conversation] },
    { entity: ApiKey, rows: [agentKey.row, staffKey.row] },
  ]);
  return {
    workspace,
    organization,
    otherOrganization,
    ...agents,
    ...people,
    visitor: visitor.acting,
    otherVisitor: otherVisitor.acting,
    conversation,
    agentKey,
    staffKey,
  };
}

type People = 'owner' | 'admin' | 'operator' | 'secondOperator' | 'limited' | 'viewer' | 'manager' | 'otherMember';

function newPeople(world: {
  workspaceId: string;
  tag: string;
  organization: Organization;
  otherOrganization: Organization;
  agent: Agent;
}): { readonly people: Record<People, ActingUser>; readonly sessions: readonly Session[] } {
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
  const acting: Partial<Record<People, ActingUser>> = {};
  const sessions: Session[] = [];
  for (const [name, user] of Object.entries(users) as [People, User][]) {
    const token = newToken('USER_SESSION');
    const session = newSession(user, token);
    sessions.push(session);
    const agentIds = user.limitedToAgents ? [world.agent.id] : null;
    acting[name] = { row: user, id: user.id, token, principal: principalOf(user, session.id, agentIds) };
  }
  return { people: acting as Record<People, ActingUser>, sessions };
}

/** What `authenticate` would make of a user's session. */
export function principalOf(user: User, sessionId: string, agentIds: string[] | null = null): UserPrincipal {
  const { workspaceId, id: userId, organizationId, workspaceRole, permissions } = user;
  const rights = { organizationId, workspaceRole, permissions, agentIds };
  return { kind: 'USER', workspaceId, userId, sessionId, impersonatorId: null, ...rights, ...NOWHERE };
}

/** A visitor of the agent, with a session. */
export async function insertVisitor(manager: EntityManager, agent: Agent, displayName: string): Promise<ActingVisitor> {
  const { acting, session } = newActingVisitor(agent, displayName);
  await insertAll(manager, [
    { entity: Visitor, rows: [acting.row] },
    { entity: VisitorSession, rows: [session] },
  ]);
  return acting;
}

function newActingVisitor(
  agent: Agent,
  displayName: string,
): { readonly acting: ActingVisitor; readonly session: VisitorSession } {
  const { workspaceId, id: agentId } = agent;
  const [token, resumeToken] = [newToken('VISITOR_SESSION'), newToken('VISITOR_RESUME')];
  const createdAt = new Date();
  const row = newVisitor(agent, displayName, resumeToken);
  const expiresAt = new Date(createdAt.getTime() + 3_600_000);
  const sessionId = newId();
  const session = { id: sessionId, workspaceId, visitorId: row.id, tokenHash: hashToken(token), createdAt, expiresAt };
  const acting: ActingVisitor = {
    row,
    id: row.id,
    token,
    resumeToken,
    principal: { kind: 'VISITOR', workspaceId, visitorId: row.id, sessionId, agentId, ...NOWHERE },
  };
  return { acting, session };
}

function newActingKey(workspaceId: string, agentId: string | null): ActingKey {
  const { prefix, key: token } = newApiKey();
  const row = newKey(workspaceId, agentId, { prefix, token });
  return { row, id: row.id, token, principal: keyPrincipal(row) };
}

/** What `authenticate` would make of the newest secret of a key. */
function keyPrincipal({ workspaceId, id: keyId, agentId, scopes, secretVersion }: ApiKey): ApiKeyPrincipal {
  return { kind: 'API_KEY', ...NOWHERE, workspaceId, keyId, agentId, scopes, secretVersion };
}
