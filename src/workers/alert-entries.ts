import type { EntityManager } from 'typeorm';
import type { Transaction } from '../database/transact';
import type { ToldBefore } from '../domain/notification/fold-messages';
import type { Notification } from '../entities/notification';
import type { Recipient } from './alert-recipients';

/** An entry under somebody's bell that this batch writes, or that was there and may be added to. */
export interface Entry extends ToldBefore {
  readonly row: Notification;
  throughSequence: number;
  readonly isOpen: boolean;
  /** Of one that this batch writes. */
  readonly recipient: Recipient | null;
  /** It was there, and says something else now. */
  isChanged: boolean;
  /** What it would have told is told by a request. */
  isFolded: boolean;
}

/** What people were told of conversations already, and what this batch adds: one place for both, in order. */
export class AlertEntries {
  readonly all: Entry[] = [];
  private readonly byReader = new Map<string, Entry[]>();

  constructor(stored: readonly Entry[]) {
    for (const entry of stored) this.add(entry);
  }

  add(entry: Entry): void {
    this.all.push(entry);
    const key = keyOf(entry.row.userId, entry.row.conversationId);
    this.byReader.set(key, [...(this.byReader.get(key) ?? []), entry]);
  }

  /** The window of what is to leave then: what was folded keeps its own, and an entry is told by its window. */
  windowAt(leavesAt: Date, { userId, conversationId }: Notification): Date {
    const folded = (this.byReader.get(keyOf(userId, conversationId)) ?? []).filter(({ isFolded }) => isFolded);
    return new Date(Math.max(leavesAt.getTime(), ...folded.map(({ row }) => row.windowStart.getTime() + 1)));
  }

  /** Of one person and conversation. */
  of(userId: string, conversationId: string): Entry[] {
    return (this.byReader.get(keyOf(userId, conversationId)) ?? []).filter(({ isFolded }) => !isFolded);
  }
}

function keyOf(userId: string, conversationId: string | null): string {
  return `${userId} ${conversationId ?? ''}`;
}

export function isAboutConversation(row: Notification): row is Notification & { kind: ToldBefore['kind'] } {
  return row.kind === 'MESSAGE_RECEIVED' || row.kind === 'HANDOFF_REQUESTED';
}

/**
 * The newest entry of each kind that everybody has of these conversations: of what has left, and of what is being gathered,
 * which may become part of a request in this very batch. Two requests that were read together were written at one instant: the
 * newer one has the greater id. What became part of one never leaves, and counts as folded.
 * Deliveries of messages that are still being gathered are locked until the end: whoever sends them waits, and then sends
 * what is said here.
 */
export async function readAlertEntries(
  { manager }: Transaction,
  conversationIds: readonly string[],
  now: Date,
): Promise<AlertEntries> {
  if (conversationIds.length === 0) return new AlertEntries([]);
  const found = await manager.query<(Notification & { folded: boolean })[]>(
    `select distinct on (user_id, conversation_id, kind, window_start > $2, folded) id,
       workspace_id as "workspaceId", user_id as "userId", kind, subject_id as "subjectId", conversation_id as "conversationId", title, body, window_start as "windowStart", count,
       through_sequence as "throughSequence", seen_at as "seenAt", created_at as "createdAt", folded
     from notifications n cross join lateral (
       select exists (select from deliveries d where d.notification_id = n.id and d.detail = 'FOLDED') as folded) f
     where conversation_id = any ($1::uuid[]) and kind in ('MESSAGE_RECEIVED', 'HANDOFF_REQUESTED')
     order by user_id, conversation_id, kind, window_start > $2, folded, greatest(window_start, created_at) desc, id desc`,
    [[...new Set(conversationIds)], now],
  );
  const folded = new Set(found.filter((row) => row.folded).map(({ id }) => id));
  const rows = found.map(({ folded: _folded, ...row }): Notification => row);
  const gathering = rows.filter(
    ({ id, kind, windowStart }) => kind === 'MESSAGE_RECEIVED' && windowStart > now && !folded.has(id),
  );
  const begun = await readBegun(
    manager,
    gathering.map(({ id }) => id),
  );
  const open = new Set(gathering.filter(({ id }) => !begun.has(id)).map(({ id }) => id));
  return new AlertEntries(
    rows.filter(isAboutConversation).map((row) => ({
      ...toldBy(row, open.has(row.id)),
      recipient: null,
      isChanged: false,
      isFolded: folded.has(row.id),
    })),
  );
}

export function toldBy(
  row: Notification & { kind: ToldBefore['kind'] },
  isOpen: boolean,
): ToldBefore & { readonly row: Notification } {
  const leavesAt = row.windowStart > row.createdAt ? row.windowStart : row.createdAt;
  return { kind: row.kind, leavesAt, throughSequence: row.throughSequence ?? 0, isOpen, row };
}

async function readBegun(manager: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.query<{ notification_id: string; attempts: number }[]>(
    'select notification_id, attempts from deliveries where notification_id = any ($1::uuid[]) order by id for update',
    [ids],
  );
  return new Set(rows.filter(({ attempts }) => attempts > 0).map((row) => row.notification_id));
}
