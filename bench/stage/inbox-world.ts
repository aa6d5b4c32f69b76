import type { BenchPostgres } from './postgres';
import { insertSessions, KIND, publicIdOf, sqlUuid, tokenOf, uuidOf } from './world';

export interface InboxOrganization {
  readonly organizationUuid: string;
  readonly organizationId: string;
  readonly token: string;
  readonly conversations: number;
}

/** Numbers of these rows begin here, beyond those of the world. */
const FIRST = 0x10_0000;
const VISITORS = 1000;

/** An organization of that many open conversations beside all others in the same tables; every tenth is with an operator. */
export async function createInbox(
  postgres: BenchPostgres,
  index: number,
  conversations: number,
): Promise<InboxOrganization> {
  const own = FIRST * (index + 1) * 16;
  const [workspace, organization, agent, member] = [
    uuidOf(KIND.WORKSPACE, 1),
    uuidOf(KIND.ORGANIZATION, own),
    uuidOf(KIND.AGENT, own),
    uuidOf(KIND.MEMBER, own),
  ];
  const visitor = sqlUuid(KIND.VISITOR, `${own} + n % ${VISITORS}`);
  const at = `now() - interval '1 day' - n * interval '1 second'`;
  const rows = `generate_series(${own + 1}, ${own + conversations}) as id (number), lateral (select number - ${own} as n) as place`;
  // What it writes is consistent by construction; checking each row of a million would double the time.
  await postgres.run(`
    set synchronous_commit = off; set session_replication_role = replica; set gin_pending_list_limit = '1GB';
    insert into organizations (id, workspace_id, slug, name) values ('${organization}', '${workspace}', 'inbox-${index}', 'Inbox');
    insert into agents (id, workspace_id, organization_id, display_name, public_key, handoff_enabled, handoff_title, handoff_subtitle, announcements)
      values ('${agent}', '${workspace}', '${organization}', 'Ada', 'pk_inbox_${index}', true, 'Talk to a person', 'We are here', '{}');
    insert into users (id, workspace_id, organization_id, email, display_name, password_hash, permissions)
      values ('${member}', '${workspace}', '${organization}', 'inbox${index}@example.com', 'Member', 'none', '{VIEW_CONVERSATIONS,HANDLE_CONVERSATIONS}');
    insert into visitors (id, workspace_id, agent_id, display_name)
      select ${sqlUuid(KIND.VISITOR, `${own} + n`)}, '${workspace}', '${agent}', 'Visitor ' || n from generate_series(0, ${VISITORS - 1}) n;
    insert into conversations (id, workspace_id, organization_id, agent_id, visitor_id, idempotency_key, controller, operator_id, handoff_id,
        handoff_state, last_sequence, last_message_at, created_at)
      select ${sqlUuid(KIND.CONVERSATION, 'number')}, '${workspace}', '${organization}', '${agent}', ${visitor}, n::text,
        case when n % 10 = 0 then 'HUMAN' else 'AI' end, case when n % 10 = 0 then '${member}'::uuid end,
        case when n % 10 = 0 then ${sqlUuid(KIND.HANDOFF, 'number')} end, case when n % 10 = 0 then 'ACCEPTED' end, 1, ${at}, ${at} from ${rows};
    insert into handoffs (id, workspace_id, organization_id, conversation_id, agent_id, state, origin, requested_at, requested_sequence, accepted_at, accepted_by_id)
      select ${sqlUuid(KIND.HANDOFF, 'number')}, '${workspace}', '${organization}', ${sqlUuid(KIND.CONVERSATION, 'number')}, '${agent}', 'ACCEPTED',
        'VISITOR', ${at}, 0, ${at}, '${member}' from ${rows} where n % 10 = 0;
    insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, created_at)
      select ${sqlUuid(KIND.MESSAGE, 'number')}, '${workspace}', ${sqlUuid(KIND.CONVERSATION, 'number')}, 1, 'TEXT', 'VISITOR',
        'Can it come by Friday?', ${at} from ${rows};
    set session_replication_role = default; set synchronous_commit = on; reset gin_pending_list_limit`);
  const token = tokenOf('bat_u_', own);
  await insertSessions(postgres, 'sessions', 'user_id', KIND.MEMBER, [token], own);
  return { organizationUuid: organization, organizationId: publicIdOf('org', organization), token, conversations };
}
