import type { EntityManager } from 'typeorm';

/** Half-open: from `from` on, up to but without `to`. */
export interface DateRange {
  readonly from: Date;
  readonly to: Date;
}

/** Of `count` durations; null without any. Milliseconds, interpolated between two of them. */
export interface Durations {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
}

export interface TeamFigures {
  readonly requested: number;
  readonly accepted: number;
  readonly waiting: number;
  readonly unanswered: number;
  readonly cancelled: number;
  readonly takenOver: number;
  readonly inProgress: number;
  readonly returned: number;
  readonly resolved: number;
  readonly transfers: number;
  readonly waitingTime: Durations;
  readonly firstResponse: Durations;
  readonly handlingTime: Durations;
}

export interface OperatorFigures {
  readonly userId: string;
  readonly accepted: number;
  readonly takenOver: number;
  readonly received: number;
  readonly returned: number;
  readonly resolved: number;
  readonly transferred: number;
  readonly waitingTime: Durations;
  readonly firstResponse: Durations;
  readonly handlingTime: Durations;
}

export interface HandoffFigures {
  readonly team: TeamFigures;
  /** Whoever has had one of these handoffs, the busiest first. */
  readonly operators: readonly OperatorFigures[];
}

/** What became of the handoffs that began in the range. `agentIds` null: of all agents. One statement. */
export async function readHandoffStats(
  manager: EntityManager,
  organizationId: string,
  agentIds: readonly string[] | null,
  { from, to }: DateRange,
): Promise<HandoffFigures> {
  const [row] = await manager.query<[HandoffFigures]>(STATS, [organizationId, from, to, agentIds]);
  return row;
}

const ms = (later: string, earlier: string): string => `extract(epoch from ${later} - ${earlier})::float8 * 1000`;

/** Null where nothing was measured is left out by both aggregates. */
const durations = (value: string): string => `json_build_object('count', count(${value}),
  'p50Ms', percentile_cont(0.5) within group (order by ${value}),
  'p90Ms', percentile_cont(0.9) within group (order by ${value}))`;

const counting = (condition: string): string => `count(*) filter (where ${condition})`;

// Each condition is told to clients by the description of its field in src/schema/handoff-stats.ts.
const STATS = `
with begun as materialized (
  select id, conversation_id, state, origin = 'OPERATOR' as is_takeover, requested_at, requested_sequence
  from handoffs where organization_id = $1 and requested_at >= $2 and requested_at < $3
    and ($4::uuid[] is null or agent_id = any ($4::uuid[]))
), held as materialized (
  select b.id, b.is_takeover, b.requested_at, o.user_id, o.origin, o.ending, o.began_at, o.ended_at, said.responded_at,
    row_number() over (partition by b.id order by o.began_at, o.id) = 1 as is_first
  from begun b join handoff_holds o on o.handoff_id = b.id
  left join lateral (
    select m.created_at as responded_at from messages m
    where m.conversation_id = b.conversation_id and m.sequence > b.requested_sequence and m.kind = 'TEXT'
      and m.author_kind = 'OPERATOR' and m.author_user_id = o.user_id
      and m.created_at >= o.began_at and (o.ended_at is null or m.created_at <= o.ended_at)
    order by m.sequence limit 1
  ) said on true
), handled as (
  select id, min(began_at) as began_at, min(responded_at) as responded_at, count(*) filter (where ending = 'TRANSFERRED') as transfers,
    sum(${ms('ended_at', 'began_at')}) as handled_ms
  from held group by id
), measured as (
  select b.*, h.id is not null as was_held, coalesce(h.transfers, 0) as transfers,
    case when not b.is_takeover then ${ms('h.began_at', 'b.requested_at')} end as waiting_ms,
    ${ms('h.responded_at', 'h.began_at')} as response_ms,
    case when b.state not in ('REQUESTED', 'ACCEPTED') then h.handled_ms end as handling_ms
  from begun b left join handled h on h.id = b.id
), team as (
  select ${counting('not is_takeover')} as requested, ${counting('not is_takeover and was_held')} as accepted,
    ${counting(`state = 'REQUESTED'`)} as waiting, ${counting(`state = 'UNANSWERED'`)} as unanswered,
    ${counting(`state = 'CANCELLED'`)} as cancelled, ${counting('is_takeover')} as "takenOver",
    ${counting(`state = 'ACCEPTED'`)} as "inProgress", ${counting(`state = 'RETURNED'`)} as returned,
    ${counting(`state = 'RESOLVED'`)} as resolved, coalesce(sum(transfers), 0)::int as transfers,
    ${durations('waiting_ms')} as "waitingTime", ${durations('response_ms')} as "firstResponse",
    ${durations('handling_ms')} as "handlingTime"
  from measured
), people as (
  select user_id as "userId", ${counting(`origin = 'ACCEPTED'`)} as accepted,
    ${counting(`origin = 'TAKEN_OVER'`)} as "takenOver", ${counting(`origin = 'TRANSFERRED'`)} as received,
    ${counting(`ending = 'RETURNED'`)} as returned, ${counting(`ending = 'RESOLVED'`)} as resolved,
    ${counting(`ending = 'TRANSFERRED'`)} as transferred,
    ${durations(`(case when is_first and not is_takeover then ${ms('began_at', 'requested_at')} end)`)} as "waitingTime",
    ${durations(`(${ms('responded_at', 'began_at')})`)} as "firstResponse",
    ${durations(`(${ms('ended_at', 'began_at')})`)} as "handlingTime"
  from held group by user_id order by count(*) desc, user_id
)
select (select row_to_json(team) from team) as team, (select coalesce(json_agg(people), '[]') from people) as operators`;
