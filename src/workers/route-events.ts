import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import { SERVER } from '../database/scope';
import { transact } from '../database/transact';
import type { ResponderKind } from '../domain/conversation/responder-kind';
import type { LoggedEvent } from '../domain/events';
import type { Job } from '../jobs/jobs';
import { advanceConsumer, lockConsumer } from '../queries/event-consumer';
import { readEventsAfter } from '../queries/read-events';
import { routeEvent } from './event-routes';
import { withdrawAlerts } from './withdraw-alerts';
import { writeAlerts } from './write-alerts';

export const ROUTER = 'router';

/** What one transaction has routed. */
export interface RoutedBatch {
  readonly events: number;
  /** To be added now, after the commit. Lost ones are added again by the sweepers: their rows say what is open. */
  readonly jobs: readonly Job[];
}

/**
 * Routes the next events in one transaction: what follows from them is written exactly when their position is passed.
 * A crash before the commit leaves everything to the next call, a crash after it leaves jobs to the sweepers.
 *
 * @returns null while another process routes
 */
export async function routeEvents(database: Database, limit: number): Promise<RoutedBatch | null> {
  return transact(database, SERVER, async (transaction) => {
    const { manager } = transaction;
    const position = await lockConsumer(manager, ROUTER);
    if (position === null) return null;
    const { events } = await readEventsAfter(manager, position, limit);
    const last = events.at(-1);
    if (last === undefined) return { events: 0, jobs: [] };
    const responders = await readResponders(manager, events);
    const now = await transaction.now();
    const routes = events.map((event) => {
      const responderKind = (event.agentId === null ? undefined : responders.get(event.agentId)) ?? 'NONE';
      return routeEvent(event, { responderKind, now });
    });
    await writeAlerts(
      transaction,
      routes.flatMap((route) => route.alerts),
    );
    await withdrawAlerts(
      transaction,
      routes.flatMap((route) => route.withdrawals ?? []),
    );
    await advanceConsumer(manager, ROUTER, last.position);
    return { events: events.length, jobs: routes.flatMap((route) => route.jobs) };
  });
}

async function readResponders(
  manager: EntityManager,
  events: readonly LoggedEvent[],
): Promise<Map<string, ResponderKind>> {
  const agentIds = new Set(
    events.flatMap(({ name, agentId }) => (name === 'TURN_OPENED' && agentId !== null ? [agentId] : [])),
  );
  if (agentIds.size === 0) return new Map();
  const rows = await manager.query<{ id: string; responder_kind: ResponderKind }[]>(
    'select id, responder_kind from agents where id = any ($1::uuid[])',
    [[...agentIds]],
  );
  return new Map(rows.map((row) => [row.id, row.responder_kind]));
}
