import type { EntityManager } from 'typeorm';
import type { Scope } from '../../src/database/scope';
import type { Principal, UserPrincipal } from '../../src/domain/actor';
import { listAuditEntries } from '../../src/queries/audit-log';
import type { ConversationFilter } from '../../src/queries/conversation-filter';
import { type ConversationOrderField, countConversations, listConversations } from '../../src/queries/conversations';
import {
  countUnseenNotifications,
  listAgents,
  listHandoffs,
  listMembers,
  listMessages,
  listNotifications,
  listStaff,
} from '../../src/queries/lists';
import { listInquiries } from '../../src/queries/inquiries';
import { readScopeEvents } from '../../src/queries/read-events';
import type { FilledWorkspace } from './fill';

/** One list of the API as somebody reads it. */
export interface MeasuredList {
  readonly name: string;
  readonly scope: Scope;
  readonly read: (manager: EntityManager) => Promise<unknown>;
}

const SIZE = 50;
const FIRST = { first: SIZE };

/** Every list of the API, under the scope in which it is read. */
export function measuredLists(filled: FilledWorkspace): MeasuredList[] {
  const { operatorId, workspaceId, organizationId, rareAgentId, longConversationId } = filled;
  const owner = personOf(filled, filled.ownerId, null, null);
  const operator = personOf(filled, operatorId, organizationId, null);
  const limited = personOf(filled, operatorId, organizationId, [rareAgentId]);
  const inbox = (
    name: string,
    who: UserPrincipal,
    field: ConversationOrderField,
    filter: ConversationFilter | null,
  ): MeasuredList => {
    const whose = who.organizationId === null ? { workspaceId } : { organizationId };
    const order = { field, direction: 'DESC' } as const;
    return { name, scope: who, read: (manager) => listConversations(manager, who, whose, filter, order, FIRST) };
  };
  const plain = (name: string, scope: Principal, read: MeasuredList['read']): MeasuredList => ({ name, scope, read });
  const orders = ['URGENCY', 'LAST_MESSAGE_AT', 'CREATED_AT'] as const;
  const readers = [
    ['operator', operator],
    ['operator of one rare agent', limited],
    ['owner', owner],
  ] as const;
  return [
    ...orders.flatMap((field) =>
      readers.map(([who, principal]) => inbox(`inbox by ${field}, ${who}`, principal, field, null)),
    ),
    ...orders.map((field) =>
      inbox(`inbox by ${field}, what is open, operator`, operator, field, { statuses: ['OPEN'] }),
    ),
    ...orders.map((field) =>
      inbox(`inbox by ${field}, what waits, operator`, operator, field, { handoffStates: ['REQUESTED'] }),
    ),
    inbox('inbox by URGENCY, what waits, owner', owner, 'URGENCY', { handoffStates: ['REQUESTED'] }),
    inbox('inbox by URGENCY, my own, operator', operator, 'URGENCY', { operatorIds: [operatorId] }),
    inbox('inbox by LAST_MESSAGE_AT, the AI has it, operator', operator, 'LAST_MESSAGE_AT', { controllers: ['AI'] }),
    inbox('inbox by LAST_MESSAGE_AT, unanswered, operator', operator, 'LAST_MESSAGE_AT', {
      handoffStates: ['UNANSWERED'],
    }),
    inbox('search for a rare word, operator', operator, 'URGENCY', { search: 'order770' }),
    inbox('search for a common word, operator', operator, 'URGENCY', { search: 'hello' }),
    inbox('search for a common word of long ago, operator', operator, 'URGENCY', { search: 'order77' }),
    inbox('search for a word that is nowhere, owner', owner, 'URGENCY', { search: 'nowhere to be found' }),
    plain('count of the inbox, operator', operator, (manager) =>
      countConversations(manager, operator, { organizationId }, null),
    ),
    plain('newest messages of a long conversation, operator', operator, (manager) =>
      listMessages(manager, longConversationId, { last: SIZE }),
    ),
    plain('oldest messages of a long conversation, owner', owner, (manager) =>
      listMessages(manager, longConversationId, FIRST),
    ),
    plain('handoffs, operator', operator, (manager) =>
      listHandoffs((work) => work(manager), operator, { organizationId }, null).page(FIRST),
    ),
    plain('handoffs that are open, operator', operator, (manager) =>
      listHandoffs((work) => work(manager), operator, { organizationId }, ['REQUESTED', 'ACCEPTED']).page(FIRST),
    ),
    plain('handoffs, owner', owner, (manager) =>
      listHandoffs((work) => work(manager), owner, { workspaceId }, null).page(FIRST),
    ),
    plain('inquiries, operator', operator, (manager) =>
      listInquiries((work) => work(manager), operator, { organizationId }, null).page(FIRST),
    ),
    plain('inquiries that are open, owner', owner, (manager) =>
      listInquiries((work) => work(manager), owner, { organizationId }, { states: ['OPEN'] }).page(FIRST),
    ),
    plain('notifications, operator', operator, (manager) => listNotifications(manager, operatorId, FIRST)),
    plain('count of unseen notifications, operator', operator, (manager) =>
      countUnseenNotifications(manager, operatorId),
    ),
    plain('agents, owner', owner, (manager) => listAgents(manager, owner, { workspaceId }, FIRST)),
    plain('members of an organization, operator', operator, (manager) => listMembers(manager, organizationId, FIRST)),
    plain('staff of the workspace, owner', owner, (manager) => listStaff(manager, workspaceId, FIRST)),
    plain('audit log of an organization, operator', operator, (manager) =>
      listAuditEntries(manager, { organizationId }, null, FIRST),
    ),
    plain('audit log of the workspace, owner', owner, (manager) =>
      listAuditEntries(manager, { workspaceId }, null, FIRST),
    ),
    ...(
      [
        ['conversation', { conversationId: longConversationId }],
        ['organization', { organizationId }],
        ['workspace', { workspaceId }],
      ] as const
    ).map(([name, scope]) =>
      plain(`events of a ${name} to replay`, name === 'workspace' ? owner : operator, (manager) =>
        readScopeEvents(manager, { scope, names: ['MESSAGE_ADDED'], agentIds: null, after: 10, upTo: 1e9, limit: 500 }),
      ),
    ),
  ];
}

/** Somebody of the filled workspace; `organizationId` null: its owner. */
export function personOf(
  { workspaceId }: FilledWorkspace,
  userId: string,
  organizationId: string | null,
  agentIds: string[] | null,
): UserPrincipal {
  return {
    kind: 'USER',
    workspaceId,
    userId,
    organizationId,
    workspaceRole: organizationId === null ? 'OWNER' : null,
    permissions: ['VIEW_CONVERSATIONS'],
    agentIds,
    sessionId: userId,
    impersonatorId: null,
    address: null,
    userAgent: null,
  };
}
