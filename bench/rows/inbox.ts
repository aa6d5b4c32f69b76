import type { Round } from '../arithmetic';
import { runStatement } from '../rivals/statement';
import { createInbox, type InboxOrganization } from '../stage/inbox-world';
import { withoutIndexes } from '../stage/without-indexes';
import type { Stage } from '../stage/stage';
import type { Family } from './family';
import { LIST_WARM_MS } from './requests';

const QUERY = `query Inbox($id: ID!) { organization(id: $id) { conversations(first: 50, filter: { statuses: [OPEN] },
  orderBy: { field: LAST_MESSAGE_AT, direction: DESC }) { nodes { id status controller lastSequence lastMessageAt
  visitor { id displayName } operator { id displayName } agent { id displayName } lastMessage { id authorKind text createdAt } } pageInfo { hasNextPage } } } }`;

/** The same page by hand, for one organization that it may see by being the superuser. */
const statementFor = ({ organizationUuid }: InboxOrganization): string => `
select c.id, c.status, c.controller, c.last_sequence, c.last_message_at, v.id, v.display_name, o.id, o.display_name, a.id, a.display_name,
  m.id, m.author_kind, m.text, m.created_at
from (select * from conversations where organization_id = '${organizationUuid}' and status = 'OPEN'
  order by last_message_at desc, id desc limit 51) c
join visitors v on v.id = c.visitor_id join agents a on a.id = c.agent_id left join users o on o.id = c.operator_id
left join lateral (select * from messages where conversation_id = c.id order by sequence desc limit 1) m on true
order by c.last_message_at desc, c.id desc`;

/** The list that operators look at all day, over HTTP, against its best SQL alone; and whether it stays as fast when it grows. */
export const inbox: Family = {
  name: 'inbox',
  rows: ['inbox', 'inbox-flat'],
  measure: async (stage) => {
    const organizations: InboxOrganization[] = [];
    await withoutIndexes(stage.postgres, ['conversations', 'messages', 'handoffs'], async () => {
      for (const [index, size] of stage.plan.inboxes.entries()) {
        stage.tell(`  inbox: writing ${size} conversations`);
        organizations.push(await createInbox(stage.postgres, index, size));
      }
      stage.tell('  inbox: building the indexes');
    });
    await stage.postgres.run('vacuum analyze');
    const [smallest, largest] = [organizations.at(0), organizations.at(-1)];
    if (smallest === undefined || largest === undefined) throw new Error('The plan has no inboxes.');
    await medianOf(stage, largest, LIST_WARM_MS);
    for (const organization of organizations) await medianOf(stage, organization, 1000);

    const against: Round[] = [];
    const flat: Round[] = [];
    const others: Record<string, number[]> = {};
    for (let round = 0; round < stage.plan.rounds; round += 1) {
      const ours = new Map<InboxOrganization, number>();
      for (const organization of organizations) {
        const p50 = await medianOf(stage, organization, stage.plan.loopMs / 2);
        ours.set(organization, p50);
        (others[`${organization.conversations} conversations`] ??= []).push(p50);
      }
      const [small = Number.NaN, large = Number.NaN] = [ours.get(smallest), ours.get(largest)];
      const sql = { sql: statementFor(largest), among: 1 };
      const rival = await runStatement(stage.machine, stage.postgres.superuserUrl, sql, { clients: 1, seconds: 1 });
      against.push({ ours: large, rival: rival.p50 });
      flat.push({ ours: large, rival: small });
    }
    const notes = [
      `${stage.plan.inboxes.join(', ')} conversations in the organizations of one database. Ours is the whole request over HTTP.`,
    ];
    return { inbox: { rounds: against, notes, others }, 'inbox-flat': { rounds: flat, notes } };
  },
};

async function medianOf(stage: Stage, organization: InboxOrganization, milliseconds: number): Promise<number> {
  const { port } = await stage.baton();
  const callers = [{ token: organization.token, input: null, variables: { id: organization.organizationId } }];
  const { p50 } = await stage.closedLoop({ port, path: '/graphql', query: QUERY, callers, milliseconds });
  return p50;
}
