import { EVENTS_OF, insertOutbox } from '../../../database/outbox';
import type { Prepared } from '../../../database/prepared';
import { PENDING_BRIEF } from '../turns';

/** What becomes of messages to conversations that another transaction has locked. */
export type LockedRows = 'SKIPPED' | 'AWAITED';

// What `sendTogether` sends, in this order. The first three do not wait for each other: with BEGIN they are one round
// trip, the last two (WRITE, COMMIT) one each.

/**
 * Locks conversations $1, always in the same order, so that two batches never wait for each other in a circle. No more
 * of a lock than changing them takes: the router, which only wants them not to vanish, goes on beside it.
 *
 * A statement of its own, for the next ones then take their snapshots under the locks: they see every message, turn and
 * handoff that was committed before, and a count made from them stays true until the end of the transaction. In one
 * statement with the lock they would look at what was there before it waited.
 */
export const LOCK: Readonly<Record<LockedRows, Prepared>> = {
  SKIPPED: { name: 'send_lock_free', text: lockWith('for no key update skip locked') },
  AWAITED: { name: 'send_lock', text: lockWith('for no key update') },
};

function lockWith(lock: string): string {
  return `select id from conversations where id = any ($1::uuid[]) order by id ${lock}`;
}

/** Conversations $1, locked or not, with the agent's kind of responder and what an operator has left for its AI. */
export const readConversations = (columns: string): Prepared => ({
  name: 'send_conversations',
  text: `
select ${columns}, a.responder_kind as "responderKind", clock_timestamp() as now,
  case when c.controller = 'AI' and c.handoff_id is not null then ${PENDING_BRIEF} end as brief
from conversations c join agents a on a.workspace_id = c.workspace_id and a.id = c.agent_id
where c.id = any ($1::uuid[])`,
});

/** Who has no user, as the index of nonces has it. */
const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** The messages that were written under these nonces: conversations $1, kinds of author $2, authors $3, nonces $4. */
export const readKnown = (columns: string): Prepared => ({
  name: 'send_known',
  text: `
select ${columns} from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
  as sent (conversation_id, author_kind, author_user_id, client_nonce)
-- One by one, by the index of nonces: "offset 0" keeps it from becoming a join that reads every message there is.
cross join lateral (select * from messages m where m.conversation_id = sent.conversation_id and m.author_kind = sent.author_kind
  and coalesce(m.author_user_id, ${NOBODY}) = coalesce(sent.author_user_id, ${NOBODY})
  and m.client_nonce = sent.client_nonce offset 0) m`,
});

/**
 * Writes everything that a batch of messages comes to.
 *
 * $1 the events, as JSON: a message and a turn are written as they are told; $2 where each conversation stands then;
 * $3 how far each sender has read; $4 conversations whose open turn is over; $5 turns of this very batch that are over
 * already, since the visitor wrote again in it; $6 the time; $7 the ids in $2, so that only these rows are looked at
 */
export const WRITE: Prepared = {
  name: 'send_write',
  text: `
with told as materialized (
  select e.* from ${EVENTS_OF('$1')}
), written as (
  insert into messages
    (id, workspace_id, conversation_id, sequence, kind, author_kind, author_user_id, text, client_nonce, handoff_id, created_at)
  select m.id, told."workspaceId", told."conversationId", m.sequence, m.kind, m."authorKind", m."authorUserId", m.text,
    m."clientNonce", m."handoffId", m."createdAt"
  from told, jsonb_to_record(told.snapshot) as m(id uuid, sequence int, kind text, "authorKind" text, "authorUserId" uuid,
    text text, "clientNonce" text, "handoffId" uuid, "createdAt" timestamptz)
  where told.name = 'MESSAGE_ADDED'
), moved as (
  update conversations c set last_sequence = n."lastSequence", last_message_at = n."lastMessageAt", version = n.version
  from jsonb_to_recordset($2::jsonb) as n(id uuid, "lastSequence" int, "lastMessageAt" timestamptz, version int)
  where c.id = n.id and c.id = any ($7::uuid[])
), read as (
  insert into conversation_reads (workspace_id, conversation_id, reader_id, sequence)
  select r."workspaceId", r."conversationId", r."readerId", r.sequence
  from jsonb_to_recordset($3::jsonb) as r("workspaceId" uuid, "conversationId" uuid, "readerId" uuid, sequence int)
  on conflict (conversation_id, reader_id) do update
    set sequence = greatest(conversation_reads.sequence, excluded.sequence)
), ended as (
  update turns set state = 'SUPERSEDED', detail = null, ended_at = $6
  where conversation_id = any ($4::uuid[]) and state = 'OPEN' returning id
), opened as (
  insert into turns (id, workspace_id, conversation_id, agent_id, control_epoch, message_id, brief, state, detail, created_at,
    answer_by, ended_at)
  select t.id, told."workspaceId", told."conversationId", told."agentId", t."controlEpoch", t."messageId", t.brief,
    case when t.id = any ($5::uuid[]) then 'SUPERSEDED' else t.state end, t.detail, t."createdAt", t."answerBy",
    case when t.id = any ($5::uuid[]) then $6::timestamptz end
  from told, jsonb_to_record(told.snapshot) as t(id uuid, "controlEpoch" int, "messageId" uuid, brief text, state text,
    detail text, "createdAt" timestamptz, "answerBy" timestamptz)
  -- One turn is open at a time. Counting makes this wait for all of "ended": parts of one statement have no order of their own.
  where told.name = 'TURN_OPENED' and (select count(*) from ended) >= 0
)
${insertOutbox('told as e')}`,
};
