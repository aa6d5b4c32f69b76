import type { DataSource } from 'typeorm';
import { SERVER, within } from '../database/scope';
import { presenceStatus } from '../domain/presence';
import type { HintBus } from './hints';
import type { PresenceSignal } from './signals';

export interface ConnectedActor {
  readonly kind: 'USER' | 'VISITOR';
  readonly id: string;
  readonly workspaceId: string;
}

interface ActorRow {
  actor_kind: 'USER' | 'VISITOR';
  actor_id: string;
  workspace_id: string;
  /** Null for visitors. */
  available: boolean | null;
  last_active_at: Date | null;
}

/** Says for all of them, in one statement, that they are connected. Returns a signal for each who was not before. */
export async function touchPresences(
  source: DataSource,
  options: { processId: string; graceMs: number; actors: readonly ConnectedActor[] },
): Promise<PresenceSignal[]> {
  const { processId, graceMs, actors } = options;
  const parameters = [
    processId,
    graceMs,
    actors.map((actor) => actor.workspaceId),
    actors.map((actor) => actor.kind),
    actors.map((actor) => actor.id),
  ];
  const rows = await within(source, SERVER, (manager) => manager.query<ActorRow[]>(TOUCH, parameters));
  return rows.map((row) => toSignal(row, true));
}

// The rows of users and visitors are skipped when locked: another process that has the same person writes the same
// instant, and two processes that wait for each other's people in different orders would be a deadlock.
const TOUCH = `
with actor as materialized (
  select * from unnest($3::uuid[], $4::text[], $5::uuid[]) as a (workspace_id, actor_kind, actor_id)
), touched as (
  insert into presences (process_id, workspace_id, actor_kind, actor_id, until)
  select $1::uuid, workspace_id, actor_kind, actor_id, clock_timestamp() + $2::float8 * interval '1 millisecond'
  from actor where actor_kind = 'USER' or exists (select from visitors v where v.id = actor.actor_id) order by actor_id
  on conflict (actor_id, process_id) do update set until = excluded.until
), users_seen as (
  update users set last_active_at = now() where id in (
    select u.id from users u where u.id in (select actor_id from actor where actor_kind = 'USER')
    order by u.id for no key update skip locked)
), visitors_seen as (
  update visitors set last_active_at = now() where id in (
    select v.id from visitors v where v.id in (select actor_id from actor where actor_kind = 'VISITOR')
    order by v.id for no key update skip locked)
)
select actor.*, u.available, now() as last_active_at
from actor left join users u on actor.actor_kind = 'USER' and u.id = actor.actor_id
-- The snapshot is from before the insert above: whoever has no living row in it has just come.
where not exists (select from presences p where p.actor_id = actor.actor_id and p.until > now())`;

/** Any number: all processes on this database have to agree on it. */
const SWEEP_LOCK = 7_341_003;

/**
 * Deletes what has run out and publishes OFFLINE for each actor who has nothing left. Run it every 2 s in worker
 * processes: they exclude each other by a lock, so that exactly one publishes.
 */
export async function sweepPresences(source: DataSource, hints: Pick<HintBus, 'publishSignal'>): Promise<void> {
  const gone = await within(source, SERVER, async (manager) => {
    const [lock] = await manager.query<{ taken: boolean }[]>('select pg_try_advisory_xact_lock($1) as taken', [
      SWEEP_LOCK,
    ]);
    if (lock?.taken !== true) return [];
    await manager.query(SWEEP_WATCHES);
    return manager.query<ActorRow[]>(SWEEP);
  });
  for (const row of gone) hints.publishSignal(toSignal(row, false));
}

// Skipped when locked: such a row is being refreshed at this moment.
const SWEEP_WATCHES = `
delete from watches where (conversation_id, user_id, process_id) in (
  select conversation_id, user_id, process_id from watches where until < now() for update skip locked)`;

const SWEEP = `
with expired as (
  delete from presences where (actor_id, process_id) in (
    select actor_id, process_id from presences where until < now() for update skip locked)
  returning actor_id, actor_kind, workspace_id
)
select distinct on (expired.actor_id) expired.*, u.available, coalesce(u.last_active_at, v.last_active_at) as last_active_at
from expired
left join users u on expired.actor_kind = 'USER' and u.id = expired.actor_id
left join visitors v on expired.actor_kind = 'VISITOR' and v.id = expired.actor_id
where not exists (select from presences p where p.actor_id = expired.actor_id and p.until >= now())`;

function toSignal(row: ActorRow, connected: boolean): PresenceSignal {
  return {
    kind: 'PRESENCE',
    workspaceId: row.workspace_id,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    status: presenceStatus({ connected, available: row.available ?? true }),
    lastActiveAt: row.last_active_at?.toISOString() ?? null,
  };
}
