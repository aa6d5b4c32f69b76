import { Client } from 'pg';
import { encodePublicId } from '../../src/domain/public-id';
import { LEASE_SECONDS } from '../../src/workers/delivery-rows';
import type { DeliveryRow, EventRow, FinalState } from './final-state';

/** Reads the tables past every wall and every link, in one transaction: what is in them at one moment. */
export async function readFinalState(superuserUrl: string): Promise<FinalState> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await readTables(client);
  } finally {
    await client.end();
  }
}

async function readTables(client: Client): Promise<FinalState> {
  const rows = async <Row>(sql: string): Promise<Row[]> => (await client.query(sql)).rows as Row[];
  const [log] = await rows<{ position: number; pruned: number; router: number; outbox: number; at: number }>(LOG);
  if (log === undefined) throw new Error('event_log has no row');
  return {
    at: log.at,
    conversations: await rows('select id, agent_id as "agentId", last_sequence as "lastSequence" from conversations'),
    messages: await rows(MESSAGES),
    handoffs: await rows(HANDOFFS),
    holds: await rows(HOLDS),
    turns: await rows('select id, conversation_id as "conversationId", state from turns'),
    inquiries: await rows('select id, agent_id as "agentId" from inquiries'),
    notifications: await rows(NOTIFICATIONS),
    deliveries: (await rows<Omit<DeliveryRow, 'messageId'>>(DELIVERIES)).map((row) => ({
      ...row,
      messageId: `<${encodePublicId('delivery', row.id)}@torture.example>`,
    })),
    pushSubscriptions: await rows('select id, endpoint from push_subscriptions'),
    events: await rows<EventRow>(EVENTS),
    notes: await rows(NOTES),
    rungs: await rows(RUNGS),
    attachments: await rows(ATTACHMENTS),
    log: { position: log.position, prunedPosition: log.pruned },
    routerPosition: log.router,
    outboxRows: log.outbox,
  };
}

/** An instant in milliseconds, as a number: whole numbers of 64 bits would come as text. */
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
const idsOf = (json: string): string =>
  `coalesce((select array_agg(f->>'id' order by n) from jsonb_array_elements(nullif(${json}, 'null')) with ordinality e(f, n)), '{}')`;

const LOG = `
select position::float8, pruned_position::float8 as pruned,
  coalesce((select position from event_consumers where name = 'router'), 0)::float8 as router,
  (select count(*) from outbox)::int as outbox, ${ms('clock_timestamp()')} as at
from event_log`;

const MESSAGES = `
select id, conversation_id as "conversationId", sequence, kind, author_kind as "authorKind", author_user_id as "authorId", text,
  client_nonce as nonce, handoff_id as "handoffId", ${idsOf('attachments')} as files from messages`;

const HANDOFFS = `
select id, conversation_id as "conversationId", agent_id as "agentId", state, accepted_by_id as "acceptedById",
  ${ms('answer_by')} as "answerBy", ${ms('ended_at')} as "endedAt", ${ms('next_rung_at')} as "nextRungAt"
from handoffs`;

const HOLDS = `
select id, handoff_id as "handoffId", user_id as "userId", origin, ${ms('began_at')} as "beganAt", ${ms('ended_at')} as "endedAt"
from handoff_holds`;

const NOTES = `
select id, conversation_id as "conversationId", author_user_id as "authorId", text, client_nonce as nonce,
  ${ms('created_at')} as "createdAt" from notes`;

const RUNGS = `
select handoff_id as "handoffId", rung, state, ${ms('due_at')} as "dueAt", ${ms('reached_at')} as "reachedAt", detail
from handoff_rungs order by id`;

const ATTACHMENTS = `
select id, conversation_id as "conversationId", state, message_id as "messageId", byte_size as "byteSize",
  (select encode(sha256(string_agg(p.bytes, ''::bytea order by p.position)), 'hex')
    from attachment_pieces p where p.attachment_id = a.id) as sha256
from attachments a`;

const NOTIFICATIONS = `
select id, user_id as "userId", kind, subject_id as "subjectId", ${ms('greatest(window_start, created_at)')} as "leavesAt",
  ${ms('window_start')} as "windowStart"
from notifications`;

const DELIVERIES = `
select id, notification_id as "notificationId", channel, push_subscription_id as "pushSubscriptionId", state, attempts, detail,
  ${ms('sent_at')} as "sentAt"
from deliveries where notification_id is not null`;

const EVENTS = `
select position::float8, name, workspace_id as "workspaceId", organization_id as "organizationId", agent_id as "agentId",
  conversation_id as "conversationId", subject_id as "subjectId", snapshot->>'state' as state,
  (snapshot->>'controlEpoch')::int as "controlEpoch", snapshot->>'acceptedById' as "acceptedById",
  coalesce(snapshot->>'acceptedAt', snapshot->>'answerBy') as since,
  snapshot->'transfer'->>'byId' as "transferredById", snapshot->'transfer'->>'holdId' as "transferHoldId",
  snapshot->>'rung' as rung, (snapshot->>'version')::int as version, ${idsOf("snapshot->'attachments'")} as files,
  ${ms('occurred_at')} as at
from events order by position`;

/** Whoever took a delivery within these seconds may be sending it still: a push takes no longer, and the mail sink answers at once. */
const IN_HAND_SECONDS = 10;

/**
 * See docs/adr/0025: a lease of 60 s and waits of up to 15 minutes are longer than a run may take. It counts as a time that each
 * was put off, because the queue holds a job for the present one, and takes no other of that name before that is due. What is
 * in hand at this moment stays: its worker would send it, and find at its note that somebody else had it.
 */
export async function letDeliveriesBeDue(superuserUrl: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(
      `update deliveries set due_at = now() - interval '16 seconds', attempts = attempts + 1, postponed = postponed + 1
       where state = 'PENDING' and attempts > 0 and due_at > now()
         and due_at not between now() + $1 * interval '1 second' and now() + $2 * interval '1 second'`,
      [LEASE_SECONDS - IN_HAND_SECONDS, LEASE_SECONDS],
    );
  } finally {
    await client.end();
  }
}
