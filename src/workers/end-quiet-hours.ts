import type { DataSource, EntityManager } from 'typeorm';
import { newDelivery } from '../commands/delivery/new-delivery';
import { newId } from '../database/ids';
import { within } from '../database/scope';
import { heldUntil } from '../domain/notification/quiet-hours';
import { Delivery } from '../entities/delivery';
import { Notification } from '../entities/notification';
import { hold, lockPerson, readQuietChoice } from './hold-delivery';
import { type DigestLine, type DigestPart, readHeld } from './read-digest-lines';

interface Person {
  readonly workspaceId: string;
  readonly userId: string;
}

/**
 * Puts everything that is held for the person of this delivery, and whose time has come, into one digest: in one
 * transaction, so that a crash leaves all or nothing. What need not be said any more is skipped; of nothing there is no
 * digest. Whoever comes second, from the same or another process, finds nothing held.
 *
 * @returns the deliveries of the digest, one for each way by which something was held
 */
export async function endQuietHours(source: DataSource, delivery: Delivery): Promise<string[]> {
  return within(source, delivery, async (manager) => {
    const { workspaceId, notificationId } = delivery;
    const about = await manager.findOneBy(Notification, { workspaceId, id: notificationId ?? '' });
    if (about === null) return [];
    const person = { workspaceId, userId: about.userId };
    const now = await lockPerson(manager, workspaceId, person.userId, 'update');
    const choice = await readQuietChoice(manager, workspaceId, person.userId);
    const due: DigestLine[] = [];
    for (const line of await readHeld(manager, person, now)) {
      const until = heldUntil(choice, line.kind, now);
      if (line.skipped !== null) await skip(manager, line, line.skipped, null);
      // Quiet hours were changed, and go on.
      else if (until !== null) await hold(manager, line, until);
      else due.push(line);
    }
    return due.length === 0 ? [] : writeDigest(manager, person, due, now);
  });
}

async function writeDigest(
  manager: EntityManager,
  person: Person,
  lines: readonly DigestLine[],
  now: Date,
): Promise<string[]> {
  const quietUntil = new Date(Math.max(...lines.map(({ notBefore }) => notBefore.getTime())));
  const digestId = await insertDigest(manager, person, quietUntil, now);
  if (digestId === null) {
    // There is one of this very end already, which the database guards: these leave one by one.
    await release(manager, lines);
    return lines.map(({ id }) => id);
  }
  for (const line of lines) await skip(manager, line, `IN_DIGEST ${quietUntil.toISOString()}`, digestId);
  const ids: string[] = [];
  for (const part of partsOf(lines)) {
    const row = { ...newDelivery({ notificationId: digestId, ...part }, now), workspaceId: person.workspaceId };
    await manager.insert(Delivery, row);
    ids.push(row.id);
  }
  return ids;
}

/** Null: there is one already. It is seen from the beginning, for everything in it is under the bell itself. */
async function insertDigest(
  manager: EntityManager,
  { workspaceId, userId }: Person,
  quietUntil: Date,
  now: Date,
): Promise<string | null> {
  const rows = await manager.query<{ id: string }[]>(
    `insert into notifications (id, workspace_id, user_id, kind, subject_id, title, body, quiet_until, seen_at, created_at)
     values ($1, $2, $3, 'DIGEST', $1, 'What came in your quiet hours', '', $4, $5, $5)
     on conflict (user_id, quiet_until) where kind = 'DIGEST' do nothing returning id`,
    [newId(), workspaceId, userId, quietUntil, now],
  );
  return rows[0]?.id ?? null;
}

async function skip(
  manager: EntityManager,
  { id, workspaceId }: DigestLine,
  detail: string,
  digestId: string | null,
): Promise<void> {
  await manager.query(
    `update deliveries set state = 'SKIPPED', detail = $3, digest_id = $4 where id = $1 and workspace_id = $2`,
    [id, workspaceId, detail, digestId],
  );
}

async function release(manager: EntityManager, lines: readonly DigestLine[]): Promise<void> {
  await manager.query('update deliveries set not_before = null, due_at = now() where id = any ($1::uuid[])', [
    lines.map(({ id }) => id),
  ]);
}

function partsOf(lines: readonly DigestLine[]): DigestPart[] {
  const parts = new Map<string, DigestPart>();
  for (const { channel, pushSubscriptionId } of lines) {
    parts.set(`${channel} ${pushSubscriptionId ?? ''}`, { channel, pushSubscriptionId });
  }
  return [...parts.values()];
}
