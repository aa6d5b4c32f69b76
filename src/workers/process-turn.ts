import { answerTurn } from '../commands/turn/answer-turn';
import { failTurn } from '../commands/turn/fail-turn';
import type { TurnRef } from '../commands/turn/lock-turn';
import { requestHuman } from '../commands/turn/request-human';
import type { Database } from '../database/database';
import { within } from '../database/scope';
import type { JobPayloads } from '../jobs/jobs';
import type { JobRun } from '../jobs/workers';
import type { HintBus } from '../realtime/hints';
import type { Log } from '../realtime/log';
import type { Responder, TurnOutcome } from '../responders/responder';
import type { ResponderConfig } from '../responders/select-responder';
import { DeltaPublisher } from './delta-publisher';
import { type LoadedTurn, loadTurn } from './load-turn';
import { type RunningTurn, type RunningTurns, TurnLost } from './running-turns';

export interface TurnDependencies {
  readonly database: Database;
  readonly hints: Pick<HintBus, 'publishSignal'>;
  readonly running: RunningTurns;
  /** Null where no worker writes the replies. */
  readonly selectResponder: (config: ResponderConfig) => Responder | null;
  /** The clear text of a sealed secret; null when this process has no key that opens it. */
  readonly openSecret: (stored: string, place: string) => string | null;
  readonly log: Log;
}

/** Kept in a turn's detail, for the sweeper too: the webhook has the turn and answers by itself. */
export const DEFERRED = 'DEFERRED';

const SECRET_LOCKED =
  'The secret of the responder cannot be opened: BATON_SECRET_KEY of the worker does not hold the key that it was sealed with.';

/** A passing failure of the responder: thrown so that the queue tries again. */
class TurnNotAnswered extends Error {
  override readonly name = 'TurnNotAnswered';
}

/**
 * Lets the agent's responder answer a turn. Safe to run any number of times, also at once: a turn takes one answer, and
 * none once control has moved. Throws for another attempt.
 */
export async function processTurn(
  payload: JobPayloads['run-turn'],
  run: JobRun,
  dependencies: TurnDependencies,
): Promise<void> {
  const { database, openSecret, log } = dependencies;
  const loaded = await loadTurn(database.source, payload, openSecret);
  // A job that the sweeper added in the very moment in which the webhook took the turn must not post it again.
  if (loaded === null || loaded.row.detail === DEFERRED) return;
  const responder = dependencies.selectResponder(loaded.config);
  if (responder === null) return;
  if (loaded.isSecretLocked) {
    log.error({ turn: loaded.row.id }, SECRET_LOCKED);
    await failTurn(database, refOf(loaded.row), SECRET_LOCKED);
    return;
  }
  const running = dependencies.running.begin({ ...payload, controlEpoch: loaded.row.controlEpoch });
  if (running === null) return;
  const outcome = await respond(responder, loaded, running, dependencies);
  if (outcome !== null) await settle(loaded, outcome, run, dependencies);
}

/** The responder's outcome; null when the answer is not wanted any more. */
async function respond(
  responder: Responder,
  { row, turn }: LoadedTurn,
  running: RunningTurn,
  { database, hints, log }: TurnDependencies,
): Promise<TurnOutcome | null> {
  const deltas = new DeltaPublisher({ hints, turn: row });
  const { signal } = running;
  signal.addEventListener('abort', () => deltas.stop());
  try {
    const outcome = await responder.respond(turn, {
      signal,
      onDelta: (text) => deltas.add(text),
      requestHuman: (request) => requestHuman(database, refOf(row), request),
    });
    deltas.finish();
    return outcome;
  } catch (error) {
    if (signal.aborted && signal.reason instanceof TurnLost) return null;
    // The process stops: thrown, so that the queue gives the turn to another one.
    if (signal.aborted) throw error;
    log.error({ err: error, turn: row.id }, 'a responder threw what it should have returned');
    return { kind: 'FAILED', retryable: true, detail: 'The responder failed unexpectedly.' };
  } finally {
    deltas.stop();
    running.end();
  }
}

async function settle(
  { row }: LoadedTurn,
  outcome: TurnOutcome,
  run: JobRun,
  { database }: TurnDependencies,
): Promise<void> {
  switch (outcome.kind) {
    case 'REPLY':
      await answerTurn(database, refOf(row), outcome.text);
      return;
    case 'HUMAN_REQUESTED':
      return;
    case 'DEFERRED':
      await within(database.source, { workspaceId: row.workspaceId }, (manager) =>
        manager.query(MARK_DEFERRED, [row.id, row.workspaceId]),
      );
      return;
    case 'FAILED':
      if (outcome.retryable && !run.isLastAttempt) throw new TurnNotAnswered(outcome.detail);
      await failTurn(database, refOf(row), outcome.detail);
  }
}

const MARK_DEFERRED = `update turns set detail = '${DEFERRED}' where id = $1 and workspace_id = $2 and state = 'OPEN'`;

function refOf(row: LoadedTurn['row']): TurnRef {
  return { id: row.id, workspaceId: row.workspaceId, conversationId: row.conversationId };
}
