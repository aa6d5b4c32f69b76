import { climbLadder } from '../commands/conversation/climb-ladder';
import { expireHandoff } from '../commands/conversation/expire-handoff';
import { failTurn } from '../commands/turn/fail-turn';
import type { Database } from '../database/database';
import { read, SERVER } from '../database/scope';
import type { ResponderKind } from '../domain/conversation/responder-kind';
import type { Job, JobPayloads } from '../jobs/jobs';
import type { Queues } from '../jobs/queues';
import { forgetExpiredLimits } from '../limits/expired-limits';
import { forgetUnattached } from '../queries/attachments';
import { pruneEvents } from '../queries/event-consumer';
import { mergeSearchList } from '../queries/merge-search-list';
import { forgetUsedIdentityTokens } from '../queries/used-identity-tokens';
import type { HintBus } from '../realtime/hints';
import type { Log } from '../realtime/log';
import { sweepPresences } from '../realtime/presence-rows';
import { IS_BEHIND } from './delivery-rows';
import { isRunByWorkers } from './event-routes';
import { DEFERRED } from './process-turn';
import { type RepeatOptions, type Repetition, repeat } from './repeat';

export interface SweeperOptions {
  readonly database: Database;
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly hints: Pick<HintBus, 'publishSignal'>;
  readonly log: Log;
  /** How long a job may take to begin before its row is put into the queue again. */
  readonly graceSeconds?: number;
}

const GRACE_SECONDS = 15;
const SHORTEST_INTERVAL_MS = 500;
const BATCH = 100;
const ENQUEUE_BATCH = 500;
const KEEP_EVENTS_DAYS = 7;
const KEEP_UNATTACHED_HOURS = 24;
const PRUNE_BATCH = 5000;
/** Of 700 messages a second 90 ms of work; left to the send that finds the list full it stops all others for half a second. */
const MERGE_EVERY_MS = 4000;

/** The columns are the truth and the jobs are alarm clocks: what a lost job would have done is found here. */
export function startSweepers(options: SweeperOptions): { stop(): Promise<void> } {
  const { database, hints, log, graceSeconds = GRACE_SECONDS } = options;
  const lookMs = Math.max(SHORTEST_INTERVAL_MS, (graceSeconds * 1000) / 3);
  const sweep = (name: string, everyMs: number, run: RepeatOptions['run']): Repetition =>
    repeat({ name, everyMs, log, run });
  const sweepers = [
    sweep('expire handoffs', 1000, () => expireHandoffs(database, log)),
    sweep('climb ladders', 1000, () => climbLadders(database, log)),
    sweep('fail overdue turns', 2000, () => failOverdueTurns(database, log)),
    sweep('enqueue open turns', lookMs, () => enqueueTurns(options)),
    sweep('enqueue pending deliveries', lookMs, () => enqueueDeliveries(options)),
    sweep('sweep presences', 2000, async () => {
      await sweepPresences(database.source, hints);
      return 'done';
    }),
    sweep('merge the search list', MERGE_EVERY_MS, async () => {
      await mergeSearchList(database.source);
      return 'done';
    }),
    sweep('prune events', 3_600_000, async () => {
      const pruned = await pruneEvents(database.source, { days: KEEP_EVENTS_DAYS, limit: PRUNE_BATCH });
      return pruned === PRUNE_BATCH ? 'again' : 'done';
    }),
    sweep('forget used identity tokens', 60_000, async () => {
      const forgotten = await forgetUsedIdentityTokens(database.source, { limit: PRUNE_BATCH });
      return forgotten === PRUNE_BATCH ? 'again' : 'done';
    }),
    sweep('forget unattached files', 600_000, async () => {
      const forgotten = await forgetUnattached(database.source, { hours: KEEP_UNATTACHED_HOURS, limit: BATCH });
      return forgotten === BATCH ? 'again' : 'done';
    }),
    sweep('forget expired limits', 60_000, async () => {
      const forgotten = await forgetExpiredLimits(database.source, { limit: PRUNE_BATCH });
      return forgotten === PRUNE_BATCH ? 'again' : 'done';
    }),
  ];
  return {
    stop: async () => {
      await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
    },
  };
}

interface ConversationRef {
  readonly id: string;
  readonly workspaceId: string;
  readonly conversationId: string;
}

const REF = 'id, workspace_id as "workspaceId", conversation_id as "conversationId"';

async function expireHandoffs(database: Database, log: Log): Promise<'again' | 'done'> {
  const due = await read(database.source, SERVER, (manager) =>
    manager.query<ConversationRef[]>(
      `select ${REF} from handoffs where state = 'REQUESTED' and answer_by <= now() order by answer_by limit $1`,
      [BATCH],
    ),
  );
  return eachOf(due, 'a handoff could not be expired', log, (handoff) => expireHandoff(database, handoff));
}

async function climbLadders(database: Database, log: Log): Promise<'again' | 'done'> {
  const due = await read(database.source, SERVER, (manager) =>
    manager.query<ConversationRef[]>(
      `select ${REF} from handoffs where next_rung_at <= now() order by next_rung_at limit $1`,
      [BATCH],
    ),
  );
  return eachOf(due, 'the ladder of a handoff could not be climbed', log, (handoff) => climbLadder(database, handoff));
}

async function failOverdueTurns(database: Database, log: Log): Promise<'again' | 'done'> {
  const due = await read(database.source, SERVER, (manager) =>
    manager.query<ConversationRef[]>(
      `select ${REF} from turns where state = 'OPEN' and answer_by <= now() order by answer_by limit $1`,
      [BATCH],
    ),
  );
  return eachOf(due, 'an overdue turn could not be ended', log, (turn) =>
    failTurn(database, turn, 'Nobody answered in time.'),
  );
}

/** One that fails keeps none of the others. Only a full batch that got anywhere is followed by another at once. */
async function eachOf(
  rows: readonly ConversationRef[],
  failure: string,
  log: Log,
  work: (row: ConversationRef) => Promise<boolean>,
): Promise<'again' | 'done'> {
  let done = 0;
  for (const row of rows) {
    try {
      if (await work(row)) done += 1;
    } catch (error) {
      log.error({ err: error, id: row.id }, failure);
    }
  }
  return rows.length === BATCH && done > 0 ? 'again' : 'done';
}

async function enqueueTurns({ database, queues, graceSeconds = GRACE_SECONDS }: SweeperOptions): Promise<'done'> {
  const rows = await read(database.source, SERVER, (manager) =>
    manager.query<(JobPayloads['run-turn'] & { kind: ResponderKind })[]>(
      `select t.id as "turnId", t.workspace_id as "workspaceId", t.conversation_id as "conversationId", a.responder_kind as kind
     from turns t join agents a on a.id = t.agent_id
     where t.state = 'OPEN' and t.answer_by > now() and t.created_at < now() - $1 * interval '1 second'
       and t.detail is distinct from '${DEFERRED}'
     order by t.created_at limit $2`,
      [graceSeconds, ENQUEUE_BATCH],
    ),
  );
  const jobs = rows
    .filter(({ kind }) => isRunByWorkers(kind))
    .map(({ kind: _kind, ...payload }): Job => ({ name: 'run-turn', payload }));
  if (jobs.length > 0) await queues.enqueue(jobs);
  return 'done';
}

async function enqueueDeliveries({ database, queues, graceSeconds = GRACE_SECONDS }: SweeperOptions): Promise<'done'> {
  const rows = await read(database.source, SERVER, (manager) =>
    manager.query<(JobPayloads['deliver'] & { attempts: number })[]>(
      `select id as "deliveryId", workspace_id as "workspaceId", attempts from deliveries d
     where state = 'PENDING' and due_at < now() - $1 * interval '1 second' and not ${IS_BEHIND} order by due_at limit $2`,
      [graceSeconds, ENQUEUE_BATCH],
    ),
  );
  const jobs = rows.map(({ attempts, ...payload }): Job => ({ name: 'deliver', payload, round: attempts }));
  if (jobs.length > 0) await queues.enqueue(jobs);
  return 'done';
}
