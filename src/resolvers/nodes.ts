import type { Principal } from '../domain/actor';
import { mayReadAuditLog } from '../domain/policies/audit-policy';
import { type ConversationOperation, mayOnConversation } from '../domain/policies/conversation-policy';
import { mayEndSessions } from '../domain/policies/member-policy';
import {
  mayManageMembers,
  mayManageWorkspace,
  mayReadCannedAnswers,
  maySee,
  maySeeAgent,
} from '../domain/policies/settings-policy';
import type { PublicIdType } from '../domain/public-id';
import { presentAgent } from '../presenters/present-agent';
import { presentApiKey } from '../presenters/present-api-key';
import { presentAuditEntry } from '../presenters/present-audit-entry';
import { presentCannedAnswer } from '../presenters/present-canned-answer';
import { presentConversation } from '../presenters/present-conversation';
import { presentHandoff } from '../presenters/present-handoff';
import { presentInquiry } from '../presenters/present-inquiry';
import { presentInvitation } from '../presenters/present-invitation';
import { presentMessage } from '../presenters/present-message';
import { presentNote } from '../presenters/present-note';
import { presentNotification } from '../presenters/present-notification';
import { presentOrganization } from '../presenters/present-organization';
import { presentPushSubscription } from '../presenters/present-push-subscription';
import { presentSession } from '../presenters/present-session';
import { presentUser } from '../presenters/present-user';
import { presentVisitor } from '../presenters/present-visitor';
import { presentWorkspace } from '../presenters/present-workspace';
import {
  findApiKey,
  findAuditEntry,
  findCannedAnswer,
  findInquiry,
  findInvitation,
  findNote,
  findNotification,
  findPushSubscription,
  findSession,
  listVisitorConversations,
} from '../queries/own-rows';
import type * as Types from '../schema/node';
import { type RequestContext, sessionIdOf } from './request-context';

type Find<Item extends Types.Node> = (
  context: RequestContext,
  principal: Principal,
  id: string,
) => Promise<Item | null>;

/**
 * How each kind of object is found by id, with the rule that says who sees it. Tenancy comes first: loaders and
 * `findWithin` never leave the principal's workspace.
 */
export const NODES = {
  workspace: async (context: RequestContext, principal: Principal, id: string) => {
    if (id !== principal.workspaceId || principal.kind === 'VISITOR') return null;
    return present(await context.loaders.workspaces.load(id), presentWorkspace);
  },
  organization: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.organizations.load(id);
    const visible = row !== null && maySee(principal, { workspaceId: row.workspaceId, organizationId: row.id });
    return visible ? presentOrganization(row) : null;
  },
  user: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.users.load(id);
    return row !== null && maySee(principal, row) ? presentUser(row) : null;
  },
  agent: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.agents.load(id);
    return row !== null && maySeeAgent(principal, row) ? presentAgent(row) : null;
  },
  visitor: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.visitors.load(id);
    if (principal.kind === 'VISITOR') return principal.visitorId === id ? present(row, presentVisitor) : null;
    // People see a visitor through a conversation that they may read. A missing one is looked for like a hidden one.
    const visitor = row ?? { id, workspaceId: principal.workspaceId };
    const conversations = await context.read((manager) => listVisitorConversations(manager, visitor));
    return conversations.some((each) => mayOnConversation(principal, 'view', each))
      ? present(row, presentVisitor)
      : null;
  },
  conversation: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.conversations.load(id);
    return row !== null && mayOnConversation(principal, 'view', row) ? presentConversation(row) : null;
  },
  message: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.messages.load(id);
    return (await inVisible(context, principal, row, id)) ? present(row, presentMessage) : null;
  },
  handoff: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.loaders.handoffs.load(id);
    return (await inVisible(context, principal, row, id)) ? present(row, presentHandoff) : null;
  },
  inquiry: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findInquiry(manager, principal, id));
    return (await inVisible(context, principal, row, id)) ? present(row, presentInquiry) : null;
  },
  note: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findNote(manager, principal, id));
    return (await inVisible(context, principal, row, id, 'viewNotes')) ? present(row, presentNote) : null;
  },
  cannedAnswer: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findCannedAnswer(manager, principal, id));
    return row !== null && mayReadCannedAnswers(principal, row) ? presentCannedAnswer(row) : null;
  },
  invitation: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findInvitation(manager, principal, id));
    return row !== null && mayManageMembers(principal, row) ? presentInvitation(row) : null;
  },
  notification: async (context: RequestContext, principal: Principal, id: string) => {
    return present(await context.read((manager) => findNotification(manager, principal, id)), presentNotification);
  },
  pushSubscription: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findPushSubscription(manager, principal, id));
    return present(row, presentPushSubscription);
  },
  session: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findSession(manager, principal, id));
    // Nobody has a session's id: for a missing one a person is looked for like for a hidden one.
    const user = await context.loaders.users.load(row?.userId ?? id);
    const visible = row !== null && user !== null && mayEndSessions(principal, user);
    return visible ? presentSession(row, sessionIdOf(principal)) : null;
  },
  auditEntry: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findAuditEntry(manager, principal, id));
    return row !== null && mayReadAuditLog(principal, row) ? presentAuditEntry(row) : null;
  },
  apiKey: async (context: RequestContext, principal: Principal, id: string) => {
    const row = await context.read((manager) => findApiKey(manager, principal, id));
    const own = principal.kind === 'API_KEY' && principal.keyId === id;
    return row !== null && (own || mayManageWorkspace(principal, row.workspaceId)) ? presentApiKey(row) : null;
  },
} satisfies Partial<Record<PublicIdType, Find<Types.Node>>>;

/** Null for what does not exist, what may not be seen, and what is no Node. */
export async function findNode(context: RequestContext, type: PublicIdType, id: string): Promise<Types.Node | null> {
  const finders: Partial<Record<PublicIdType, Find<Types.Node>>> = NODES;
  const { principal } = context;
  return principal === null ? null : ((await finders[type]?.(context, principal, id)) ?? null);
}

/**
 * Whether the row of that id belongs to a conversation that the principal may read. No conversation has its id: a
 * missing row takes the same statements as a hidden one, so that the time does not tell which.
 */
async function inVisible(
  context: RequestContext,
  principal: Principal,
  row: { readonly conversationId: string } | null,
  id: string,
  operation: ConversationOperation = 'view',
): Promise<boolean> {
  const conversation = await context.loaders.conversations.load(row?.conversationId ?? id);
  return row !== null && conversation !== null && mayOnConversation(principal, operation, conversation);
}

function present<Row, Item>(row: Row | null, how: (row: Row) => Item): Item | null {
  return row === null ? null : how(row);
}
