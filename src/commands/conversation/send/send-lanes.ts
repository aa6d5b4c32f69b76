import type { Database } from '../../../database/database';
import type { TenantScope } from '../../../database/scope';
import { sqlStateOf } from '../../../database/transact';
import { type Principal, readerIdOf } from '../../../domain/actor';
import type { Outcome } from '../../../domain/refusal';
import { type LaneBounds, Lanes, type Waiting } from '../../../lanes/lanes';
import { oneEach } from '../../../lanes/one-each';
import { Patience } from '../../../lanes/patience';
import type { SendMessage, SentMessage } from '../sent-message';
import { sendAlone } from './send-alone';
import type { LockedRows } from './send-statements';
import { type Send, sendTogether } from './send-together';

type Batch = readonly Waiting<Send, Outcome<SentMessage>>[];

/**
 * 256 a batch and two at a time are where the measured throughput ends (docs/adr/0020). What waits is bounded: 4096
 * messages are about a second of work, and at 8000 characters each some 60 MB.
 */
const BOUNDS: LaneBounds = { batch: 256, running: 2, waiting: 4096, waitingInLane: 2048 };
/** Lanes that may each wait for somebody else's lock; with the two above they leave some of a pool of ten to reads. */
const WAITING_BOUNDS: LaneBounds = { ...BOUNDS, running: 4 };
const ALONE_BOUNDS: LaneBounds = { ...BOUNDS, batch: 1 };
/**
 * Where a hundred people a second write to one tenant. Nobody sees ten milliseconds, and at 500 messages a second they spare
 * two fifths of what PostgreSQL and this process have to do (docs/adr/0053).
 */
const COMPANY_MS = 10;

/** How the messages of one process get into the database. */
class SendLanes {
  /**
   * By scope, for a transaction has one, and in two halves, so that one batch is read and decided while the other is
   * written. Conversations that somebody else holds are stepped over.
   */
  private readonly free = new Lanes<Send, Outcome<SentMessage>>(
    (batch) => this.together(batch, 'SKIPPED'),
    BOUNDS,
    new Patience({ waitMs: COMPANY_MS, askerOf: ({ principal }) => readerIdOf(principal) }),
  );
  /** By conversation: those wait for the lock, and nobody else waits with them. */
  private readonly held = this.lanes((batch) => this.together(batch, 'AWAITED'), WAITING_BOUNDS);
  /** By conversation, one by one. */
  private readonly alone = this.lanes((batch) => this.oneByOne(batch), ALONE_BOUNDS);

  constructor(private readonly database: Database) {}

  /** Rejects with BusyError when too much waits. */
  send(principal: Principal, input: SendMessage): Promise<Outcome<SentMessage>> {
    // Files are looked up and claimed, which one message in many needs: those without pay nothing for it.
    if ((input.attachmentIds ?? []).length > 0) {
      return this.alone.add(byConversation({ principal, input }), { principal, input });
    }
    const lane = `${laneOf(scopeOf(principal))} ${halfOf(input.conversationId)}`;
    return this.free.add(lane, { principal, input });
  }

  get isBusy(): boolean {
    return [this.free, this.held, this.alone].some((lanes) => !lanes.isIdle);
  }

  /** Resolves once nothing waits any more. */
  async drain(): Promise<void> {
    // In the order in which a message may go from one to the next.
    for (const lanes of [this.free, this.held, this.alone]) await lanes.idle();
  }

  private lanes(run: (batch: Batch) => Promise<void>, bounds: LaneBounds): Lanes<Send, Outcome<SentMessage>> {
    return new Lanes(run, bounds);
  }

  private async together(batch: Batch, lockedRows: LockedRows): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const sends = batch.map(({ item }) => item);
    try {
      const answers = await sendTogether(this.database, scopeOf(first.item.principal), sends, lockedRows);
      for (const [at, waiting] of batch.entries()) {
        const answer = answers[at];
        if (answer === undefined || answer === 'ALONE') pass(waiting, this.alone, byConversation(waiting.item));
        else if (answer === 'HELD') pass(waiting, this.held, byConversation(waiting.item));
        else waiting.resolve(answer);
      }
    } catch (error) {
      if (isForAll(error, lockedRows)) throw error;
      // It was one message's: each by itself finds out whose.
      for (const waiting of batch) pass(waiting, this.alone, byConversation(waiting.item));
    }
  }

  private async oneByOne(batch: Batch): Promise<void> {
    for (const { item, resolve } of batch) resolve(await sendAlone(this.database, item.principal, item.input));
  }
}

const QUERY_CANCELED = '57014';
/** Classes of SQLSTATE: connection lost, resources exhausted, operator's intervention. */
const OUTAGE = /^(08|53|57)/;

/**
 * Whether going on one by one would bring nobody further: the database is away, or the lock that all of them wait for did
 * not come in 30 s. They are told, as each would be alone, and may come again with the same nonce.
 */
function isForAll(error: unknown, lockedRows: LockedRows): boolean {
  const state = sqlStateOf(error);
  if (state === QUERY_CANCELED) return lockedRows === 'AWAITED';
  return state === null || OUTAGE.test(state);
}

function pass<Item, Result>(waiting: Waiting<Item, Result>, to: Lanes<Item, Result>, lane: string): void {
  to.add(lane, waiting.item).then(waiting.resolve, waiting.reject);
}

/** The rows that the principal sees, and nothing else of it: principals of one scope share a transaction. */
function scopeOf(principal: Principal): TenantScope {
  const organizationId = principal.kind === 'USER' ? principal.organizationId : null;
  return { workspaceId: principal.workspaceId, organizationId };
}

const laneOf = ({ workspaceId, organizationId }: TenantScope): string => `${workspaceId} ${organizationId ?? ''}`;

/** Always the same of a conversation: two batches never meet in one. */
const halfOf = (conversationId: string): number => conversationId.charCodeAt(conversationId.length - 1) % 2;

const byConversation = ({ principal, input }: Send): string => `${laneOf(scopeOf(principal))} ${input.conversationId}`;

/** Those of this process on that database. */
export const sendLanesOf = oneEach((database: Database) => new SendLanes(database));
