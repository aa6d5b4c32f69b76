import { createHash } from 'node:crypto';
import type { BenchPostgres } from './postgres';

/** What the benchmark's callers need to know of the rows in the database; ids as clients write them. */
export interface World {
  readonly workspaceUuid: string;
  readonly organizationUuid: string;
  readonly organizationId: string;
  readonly agentUuid: string;
  /** Of members with VIEW_CONVERSATIONS and HANDLE_CONVERSATIONS, one each. */
  readonly memberTokens: readonly string[];
  readonly visitors: readonly WorldVisitor[];
}

/** A visitor with a conversation that an operator has, so that no AI is asked. */
export interface WorldVisitor {
  readonly token: string;
  readonly visitorUuid: string;
  readonly sessionUuid: string;
  readonly conversationUuid: string;
  readonly conversationId: string;
}

/** At most 50 sockets a person: 250 members hold 10,000 with 40 each. */
const MEMBERS = 250;
export const VISITORS = 1024;

/** Ids that SQL and the benchmark can both make from a number; `kind` keeps the tables apart. */
export function uuidOf(kind: number, number: number): string {
  return `00000000-0000-7000-8${kind.toString(16).padStart(3, '0')}-${number.toString(16).padStart(12, '0')}`;
}

/** The SQL of `uuidOf`, for a number that SQL knows. */
export function sqlUuid(kind: number, number: string): string {
  return `('00000000-0000-7000-8${kind.toString(16).padStart(3, '0')}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

export const KIND = {
  WORKSPACE: 1,
  ORGANIZATION: 2,
  AGENT: 3,
  MEMBER: 4,
  VISITOR: 5,
  SESSION: 6,
  VISITOR_SESSION: 10,
  CONVERSATION: 7,
  HANDOFF: 8,
  MESSAGE: 9,
};

/** By SQL and as the superuser: a thousand password hashes would take minutes. The tokens are as random as a test's. */
export async function createWorld(postgres: BenchPostgres): Promise<World> {
  const [workspace, organization, agent] = [
    uuidOf(KIND.WORKSPACE, 1),
    uuidOf(KIND.ORGANIZATION, 1),
    uuidOf(KIND.AGENT, 1),
  ];
  await postgres.run(`
    insert into workspaces (id, slug, name) values ('${workspace}', 'bench', 'Bench');
    insert into organizations (id, workspace_id, slug, name) values ('${organization}', '${workspace}', 'client', 'Client');
    insert into agents (id, workspace_id, organization_id, display_name, public_key, handoff_enabled, handoff_title, handoff_subtitle, announcements)
      values ('${agent}', '${workspace}', '${organization}', 'Ada', 'pk_bench', true, 'Talk to a person', 'We are here', '{}');
    insert into users (id, workspace_id, organization_id, email, display_name, password_hash, permissions)
      select ${sqlUuid(KIND.MEMBER, 'n')}, '${workspace}', '${organization}', 'member' || n || '@example.com', 'Member ' || n, 'none',
        '{VIEW_CONVERSATIONS,HANDLE_CONVERSATIONS}' from generate_series(1, ${MEMBERS}) n;
    insert into visitors (id, workspace_id, agent_id, display_name)
      select ${sqlUuid(KIND.VISITOR, 'n')}, '${workspace}', '${agent}', 'Visitor ' || n from generate_series(1, ${VISITORS}) n;
    begin;
    insert into conversations (id, workspace_id, organization_id, agent_id, visitor_id, idempotency_key, controller, operator_id, handoff_id, handoff_state)
      select ${sqlUuid(KIND.CONVERSATION, 'n')}, '${workspace}', '${organization}', '${agent}', ${sqlUuid(KIND.VISITOR, 'n')}, 'bench', 'HUMAN',
        ${sqlUuid(KIND.MEMBER, `n % ${MEMBERS} + 1`)}, ${sqlUuid(KIND.HANDOFF, 'n')}, 'ACCEPTED' from generate_series(1, ${VISITORS}) n;
    insert into handoffs (id, workspace_id, organization_id, conversation_id, agent_id, state, origin, requested_at, requested_sequence, accepted_at, accepted_by_id)
      select ${sqlUuid(KIND.HANDOFF, 'n')}, '${workspace}', '${organization}', ${sqlUuid(KIND.CONVERSATION, 'n')}, '${agent}', 'ACCEPTED', 'VISITOR',
        now(), 0, now(), ${sqlUuid(KIND.MEMBER, `n % ${MEMBERS} + 1`)} from generate_series(1, ${VISITORS}) n;
    commit;
    insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, created_at)
      select ${sqlUuid(KIND.MESSAGE, 'n')}, '${workspace}', ${sqlUuid(KIND.CONVERSATION, 'n')}, 1, 'TEXT', 'VISITOR',
        repeat('Could you tell me whether the green one can be delivered before Friday? ', 4), now() from generate_series(1, ${VISITORS}) n;
    update conversations set last_sequence = 1`);
  const memberTokens = Array.from({ length: MEMBERS }, (_, index) => tokenOf('bat_u_', index + 1));
  const visitors = Array.from({ length: VISITORS }, (_, index) => visitorOf(index + 1));
  await insertSessions(postgres, 'sessions', 'user_id', KIND.MEMBER, memberTokens);
  await insertSessions(
    postgres,
    'visitor_sessions',
    'visitor_id',
    KIND.VISITOR,
    visitors.map(({ token }) => token),
  );
  await postgres.run('analyze');
  return {
    workspaceUuid: workspace,
    organizationUuid: organization,
    organizationId: publicIdOf('org', organization),
    agentUuid: agent,
    memberTokens,
    visitors,
  };
}

function visitorOf(number: number): WorldVisitor {
  const conversationUuid = uuidOf(KIND.CONVERSATION, number);
  return {
    token: tokenOf('bat_v_', number),
    visitorUuid: uuidOf(KIND.VISITOR, number),
    sessionUuid: uuidOf(KIND.VISITOR_SESSION, number),
    conversationUuid,
    conversationId: publicIdOf('conv', conversationUuid),
  };
}

export async function insertSessions(
  postgres: BenchPostgres,
  table: 'sessions' | 'visitor_sessions',
  holder: 'user_id' | 'visitor_id',
  kind: number,
  tokens: readonly string[],
  /** Number of the first holder. */
  first = 1,
): Promise<void> {
  await postgres.run(
    `insert into ${table} (id, workspace_id, ${holder}, token_hash, expires_at)
     select ${sqlUuid(table === 'sessions' ? KIND.SESSION : KIND.VISITOR_SESSION, `n + ${first - 1}`)}, '${uuidOf(KIND.WORKSPACE, 1)}',
       ${sqlUuid(kind, `n + ${first - 1}`)}, decode(hash, 'hex'), now() + interval '1 day'
     from unnest($1::text[]) with ordinality as given (hash, n)`,
    [tokens.map((token) => createHash('sha256').update(token).digest('hex'))],
  );
}

export function publicIdOf(prefix: string, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`;
}

export function tokenOf(prefix: string, number: number): string {
  return prefix + createHash('sha256').update(`${prefix}${number}`).digest('base64url');
}
