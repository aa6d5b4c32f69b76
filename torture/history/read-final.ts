import { Client } from 'pg';
import { encodePublicId } from '../../src/domain/public-id';
import type { DeliveryRow, EventRow, FinalState, HandoffRow, HoldRow, NotificationRow } from './history';

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
  const [log] = await rows<{ position: string; pruned: string; router: string; outbox: string; at: string }>(LOG);
  if (log === undefined) throw new Error('event_log has no row');
  return {
    at: Number(log.at),
    conversations: await rows('select id, agent_id as "agentId", last_sequence as "lastSequence" from conversations'),
    messages: await rows(MESSAGES),
    handoffs: (await rows<HandoffText>(HANDOFFS)).map(withNumbers),
    holds: (await rows<HoldText>(HOLDS)).map(({ beganAt, endedAt, ...row }) => ({
      ...row,
      beganAt: Number(beganAt),
      endedAt: endedAt === null ? null : Number(endedAt),
    })),
    turns: await rows('select id, conversation_id as "conversationId", state from turns'),
    inquiries: await rows('select id, agent_id as "agentId" from inquiries'),
    notifications: (await rows<NotificationText>(NOTIFICATIONS)).map((row) => ({
      ...row,
      leavesAt: Number(row.leavesAt),
    })),
    deliveries: (await rows<Omit<DeliveryRow, 'messageId'>>(DELIVERIES)).map((row) => ({
      ...row,
      messageId: `<${encodePublicId('delivery', row.id)}@torture.example>`,
    })),
    pushSubscriptions: await rows('select id, endpoint from push_subscriptions'),
    events: (await rows<EventText>(EVENTS)).map((row) => ({ ...row, position: Number(row.position) })),
    log: { position: Number(log.position), prunedPosition: Number(log.pruned) },
    routerPosition: Number(log.router),
    outboxRows: Number(log.outbox),
  };
}

/** PostgreSQL's whole numbers of 64 bits come as text. */
type EventText = Omit<EventRow, 'position'> & { readonly position: string };
type HoldText = Omit<HoldRow, 'beganAt' | 'endedAt'> & { readonly beganAt: string; readonly endedAt: string | null };
type NotificationText = Omit<NotificationRow, 'leavesAt'> & { readonly leavesAt: string };
type HandoffText = Omit<HandoffRow, 'answerBy' | 'endedAt'> & Readonly<Record<'answerBy' | 'endedAt', string | null>>;

function withNumbers(row: HandoffText): HandoffRow {
  const { answerBy, endedAt } = row;
  return {
    ...row,
    answerBy: answerBy === null ? null : Number(answerBy),
    endedAt: endedAt === null ? null : Number(endedAt),
  };
}

const LOG = `
select position, pruned_position as pruned, coalesce((select position from event_consumers where name = 'router'), 0) as router,
  (select count(*) from outbox) as outbox, (extract(epoch from clock_timestamp()) * 1000)::bigint as at
from event_log`;

const MESSAGES = `
select id, conversation_id as "conversationId", sequence, kind, author_kind as "authorKind", author_user_id as "authorId", text,
  client_nonce as nonce, handoff_id as "handoffId" from messages`;

const HANDOFFS = `
select id, conversation_id as "conversationId", agent_id as "agentId", state, accepted_by_id as "acceptedById",
  (extract(epoch from answer_by) * 1000)::bigint as "answerBy", (extract(epoch from ended_at) * 1000)::bigint as "endedAt"
from handoffs`;

const HOLDS = `
select id, handoff_id as "handoffId", user_id as "userId", origin, (extract(epoch from began_at) * 1000)::bigint as "beganAt",
  (extract(epoch from ended_at) * 1000)::bigint as "endedAt" from handoff_holds`;

const NOTIFICATIONS = `
select id, user_id as "userId", kind, subject_id as "subjectId",
  (extract(epoch from greatest(window_start, created_at)) * 1000)::bigint as "leavesAt" from notifications`;

const DELIVERIES = `
select id, notification_id as "notificationId", channel, push_subscription_id as "pushSubscriptionId", state, attempts, detail
from deliveries where notification_id is not null`;

const EVENTS = `
select position, name, workspace_id as "workspaceId", organization_id as "organizationId", agent_id as "agentId",
  conversation_id as "conversationId", subject_id as "subjectId", snapshot->>'state' as state,
  (snapshot->>'controlEpoch')::int as "controlEpoch", snapshot->>'acceptedById' as "acceptedById",
  coalesce(snapshot->>'acceptedAt', snapshot->>'answerBy') as since,
  snapshot->'transfer'->>'byId' as "transferredById", snapshot->'transfer'->>'holdId' as "transferHoldId"
from events order by position`;

/** See docs/adr/0025: a lease of 60 s and waits of up to 15 minutes are longer than a run may take. */
export async function letDeliveriesBeDue(superuserUrl: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(
      `update deliveries set due_at = now() - interval '16 seconds' where state = 'PENDING' and attempts > 0 and due_at > now()`,
    );
  } finally {
    await client.end();
  }
}
