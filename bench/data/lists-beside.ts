import type { EntityManager } from 'typeorm';
import { readHeldFiles } from '../../src/commands/attachment/create-attachment';
import { listAuditEntries } from '../../src/queries/audit-log';
import { listCannedAnswers } from '../../src/queries/canned-answers';
import { listConversations } from '../../src/queries/conversations';
import { readOpenHandoffs } from '../../src/queries/handoff-counts';
import { readHandoffStats } from '../../src/queries/handoff-stats';
import { type InquiryFilter, listInquiries } from '../../src/queries/inquiries';
import { listApiKeys, listHandoffs, listMembers, listNotes, listNotifications } from '../../src/queries/lists';
import { Loaders } from '../../src/queries/loaders';
import { listPushSubscriptions } from '../../src/queries/own-rows';
import { listOpenTurns } from '../../src/queries/turns';
import type { FilledWorkspace } from './fill';
import { type MeasuredList, personOf } from './lists';

const FIRST = { first: 50 };
const LAST = { last: 50 };
const DAY_MS = 86_400_000;

interface Row {
  readonly id: string;
}
const idsOf = ({ rows }: { readonly rows: readonly { readonly row: Row }[] }): string[] =>
  rows.map(({ row }) => row.id);

/** What stands beside conversations, handoffs and people. What hangs below the rows of a page is read with that page. */
export function listsBeside(filled: FilledWorkspace): MeasuredList[] {
  const { operatorId, workspaceId, organizationId, rareAgentId, longConversationId } = filled;
  const operator = personOf(filled, operatorId, organizationId, null);
  const owner = personOf(filled, filled.ownerId, null, null);
  const as = (scope: typeof operator, name: string, read: MeasuredList['read']): MeasuredList => ({
    name,
    scope,
    read,
  });
  const loaders = (manager: EntityManager): Loaders => new Loaders(() => (work) => work(manager), operator, true);
  const handoffs = (manager: EntityManager): Promise<string[]> =>
    listHandoffs((work) => work(manager), operator, { organizationId }, null)
      .page(FIRST)
      .then(idsOf);
  const inquiries = (name: string, filter: InquiryFilter, field: 'LAST_MESSAGE_AT' | 'CREATED_AT'): MeasuredList =>
    as(operator, `inquiries ${name}, operator`, (manager) => {
      const order = { field, direction: 'DESC' } as const;
      return listInquiries((work) => work(manager), operator, { organizationId }, filter, order).page(FIRST);
    });
  return [
    as(operator, 'newest notes of a conversation with 2000, operator', (manager) =>
      listNotes(manager, longConversationId, LAST),
    ),
    as(operator, 'canned answers by title, of 500, operator', (manager) =>
      listCannedAnswers(manager, organizationId, '', FIRST),
    ),
    as(operator, 'canned answers with a word, of 500, operator', (manager) =>
      listCannedAnswers(manager, organizationId, 'answer 1', FIRST),
    ),
    as(operator, 'handoffs with their rungs, operator', async (manager) => {
      const ids = await handoffs(manager);
      return loaders(manager).rungsOfHandoff.loadMany(ids);
    }),
    as(operator, 'handoffs with their inquiries, operator', async (manager) => {
      const ids = await handoffs(manager);
      return loaders(manager).inquiriesOfHandoff.loadMany(ids);
    }),
    as(operator, 'counts of open handoffs, operator', (manager) =>
      readOpenHandoffs(manager, workspaceId, [organizationId]),
    ),
    as(operator, 'figures of handoffs of one day, operator', (manager) =>
      readHandoffStats(manager, organizationId, null, { from: new Date(Date.now() - DAY_MS), to: new Date() }),
    ),
    as(operator, 'inbox with transcripts and their mails, operator', async (manager) => {
      const order = { field: 'CREATED_AT', direction: 'DESC' } as const;
      const page = await listConversations(manager, operator, { organizationId }, null, order, FIRST);
      const below = loaders(manager);
      const transcripts = await below.transcriptsOfConversation.loadMany(idsOf(page));
      const ids = transcripts.flatMap((rows) => (rows instanceof Error ? [] : rows.map(({ id }) => id)));
      return below.deliveriesOfTranscript.loadMany(ids);
    }),
    as(operator, 'what a conversation with 1000 files holds, operator', (manager) =>
      readHeldFiles(manager, longConversationId, { authorKind: 'OPERATOR', authorUserId: operatorId }),
    ),
    inquiries('by LAST_MESSAGE_AT', {}, 'LAST_MESSAGE_AT'),
    inquiries('of an agent without any', { agentIds: [rareAgentId] }, 'CREATED_AT'),
    inquiries('that one person has', { assigneeIds: [operatorId] }, 'LAST_MESSAGE_AT'),
    inquiries('by the beginning of an address', { search: 'v12' }, 'CREATED_AT'),
    as(operator, 'inquiries with answers and their mails, operator', async (manager) => {
      const page = await listInquiries((work) => work(manager), operator, { organizationId }, null).page(FIRST);
      const below = loaders(manager);
      const answers = await below.answersOfInquiry.loadMany(idsOf(page));
      const ids = answers.flatMap((rows) => (rows instanceof Error ? [] : rows.map(({ id }) => id)));
      return below.deliveriesOfAnswer.loadMany(ids);
    }),
    as(operator, 'notifications with their deliveries, operator', async (manager) => {
      const page = await listNotifications(manager, operatorId, FIRST);
      return loaders(manager).deliveriesOfNotification.loadMany(idsOf(page));
    }),
    as(operator, 'audit log of an organization, a rare action, operator', (manager) =>
      listAuditEntries(manager, { organizationId }, ['AGENT_HANDOFF_UPDATED'], FIRST),
    ),
    as(owner, 'audit log of the workspace, two actions, owner', (manager) =>
      listAuditEntries(manager, { workspaceId }, ['AGENT_HANDOFF_UPDATED', 'CONVERSATION_CLOSED'], FIRST),
    ),
    as(operator, 'members with their sessions, operator', async (manager) => {
      const page = await listMembers(manager, organizationId, FIRST);
      return loaders(manager).sessionsOf.loadMany(idsOf(page));
    }),
    as(operator, 'browsers of one person', (manager) => listPushSubscriptions(manager, operator)),
    as(owner, 'API keys of the workspace, owner', (manager) => listApiKeys(manager, workspaceId, FIRST)),
    as(owner, 'open turns of an agent', (manager) => listOpenTurns(manager, { id: rareAgentId, workspaceId })),
  ];
}
