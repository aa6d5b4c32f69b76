import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { isPassingFault } from '../database/passing-fault';
import { nextDeliveryDelay, spreadDelay } from '../domain/notification/delivery-retry';
import type { Delivery } from '../entities/delivery';
import type { Job, JobPayloads } from '../jobs/jobs';
import type { Queues } from '../jobs/queues';
import type { Log } from '../realtime/log';
import { claimDelivery, type DeliveryResult, findBehind, recordResult } from './delivery-rows';
import { endQuietHours } from './end-quiet-hours';
import { inTime, LeaseUsedUp } from './in-time';
import { ProviderBusy } from './provider-slots';
import { sendAlert } from './send-alert';
import { sendInquiryAnswer } from './send-inquiry-answer';
import { sendInvitation } from './send-invitation';
import { sendPasswordReset } from './send-password-reset';
import { sendTranscript } from './send-transcript';
import type { SendDependencies, SendResult } from './send-result';

/** Between the attempts to note what has left: about 16 s in all, while a restarted database needs some. */
const NOTE_WAITS_MS = [250, 500, 1000, 2000, 4000, 8000] as const;
/** Until a delivery is taken again that its worker came too late to send. */
const HELD_UP_MS = 1000;
/** `hurryMails` brings forward what is due later than that. */
const LONGEST_PATIENT_JOB_MS = 60_000;

export interface DeliveryDependencies extends SendDependencies {
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly log: Log;
  /** From 0 to 1; spreads retries. */
  readonly random?: () => number;
  /** In milliseconds, always growing. */
  readonly now?: () => number;
  /** Told of each attempt: SENT, SKIPPED, FAILED, or PENDING when it will be tried again. */
  readonly onEnded?: (channel: Delivery['channel'], outcome: DeliveryResult['state']) => void;
}

/**
 * Sends one delivery. Safe to run any number of times, also at once: one of them takes the row, the others do nothing.
 *
 * A crash between sending and recording it leaves the row PENDING with a lease of 60 s, after which the sweeper sends it
 * once more: at least once, then, and the repetition carries the same Message-ID or push topic, by which the other side
 * knows it. The other order (record, then send) would lose it, which nobody would notice. Who wakes what waits, and how
 * late, is in docs/adr/0048.
 */
export async function processDelivery(
  payload: JobPayloads['deliver'],
  dependencies: DeliveryDependencies,
): Promise<void> {
  const { source, now = () => performance.now() } = dependencies;
  const begun = now();
  const delivery = await claimDelivery(source, payload);
  if (delivery === null) return;
  if (delivery.notBefore !== null) {
    const { workspaceId } = delivery;
    const digests = await endQuietHours(source, delivery);
    const jobs = digests.map((deliveryId): Job => ({ name: 'deliver', payload: { deliveryId, workspaceId } }));
    return addJobs(jobs, delivery, dependencies);
  }
  const sent = await send(
    delivery,
    inTime(dependencies, () => now() - begun),
  );
  if (sent.state === 'HELD') {
    const end = sent.until.getTime();
    // Under an id of its own: when the quiet hours are changed the sweeper adds one that comes earlier.
    const alarm = { name: 'deliver', payload, delayMs: Math.max(0, end - Date.now()), round: end } as const;
    return addJobs([alarm], delivery, dependencies);
  }
  const result = toResult(sent, delivery, dependencies.random ?? Math.random);
  await note(source, delivery, result);
  dependencies.onEnded?.(delivery.channel, result.state);
  if (result.state !== 'PENDING') return wakeBehind(delivery, dependencies);
  if (isLeftToSweeper(sent, result)) return;
  const again = { name: 'deliver', payload, delayMs: result.delayMs, round: delivery.attempts } as const;
  await addJobs([again], delivery, dependencies);
}

/**
 * What has left must be noted, or it leaves once more: a connection that is lost at this moment, or a database that starts
 * again, is waited for. Whoever has taken the delivery meanwhile is not disturbed.
 */
async function note(source: DataSource, delivery: Delivery, result: DeliveryResult): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await recordResult(source, delivery, result);
      return;
    } catch (error) {
      const waitMs = NOTE_WAITS_MS[tries];
      if (waitMs === undefined || !isPassingFault(error)) throw error;
      await delay(waitMs);
    }
  }
}

/** Lets go at once what waited for this push. Where that fails a sweeper does it. */
async function wakeBehind(delivery: Delivery, dependencies: DeliveryDependencies): Promise<void> {
  const { source, log } = dependencies;
  const { id, workspaceId, channel, replaces } = delivery;
  if (channel !== 'PUSH' || replaces !== null) return;
  try {
    const behind = await findBehind(source, delivery);
    if (behind === null) return;
    const payload = { deliveryId: behind.id, workspaceId };
    await addJobs([{ name: 'deliver', payload, round: behind.attempts }], delivery, dependencies);
  } catch (error) {
    log.warn({ err: error, delivery: id }, 'what waits for a push could not be woken; the sweeper will find it');
  }
}

async function addJobs(
  jobs: readonly Job[],
  delivery: Delivery,
  { queues, log }: Pick<DeliveryDependencies, 'queues' | 'log'>,
): Promise<void> {
  if (jobs.length === 0) return;
  try {
    await queues.enqueue(jobs);
  } catch (error) {
    log.warn({ err: error, delivery: delivery.id }, 'a job could not be added; the sweeper will add it');
  }
}

/** A defect counts as an attempt too: one delivery that always throws must not be tried for ever. */
async function send(delivery: Delivery, dependencies: DeliveryDependencies): Promise<SendResult> {
  try {
    return await senderOf(delivery)(delivery, dependencies);
  } catch (error) {
    if (error instanceof LeaseUsedUp) return { state: 'POSTPONED', detail: error.message, delayMs: HELD_UP_MS };
    if (error instanceof ProviderBusy) return { state: 'POSTPONED', detail: error.message, delayMs: error.delayMs };
    dependencies.log.error(
      { err: error, delivery: delivery.id },
      'a delivery failed unexpectedly; it will be tried again',
    );
    return { state: 'RETRY', detail: 'The server failed unexpectedly.', retryAfterMs: null };
  }
}

function senderOf({ notificationId, inquiryAnswerId, invitationId, transcriptId }: Delivery): typeof sendAlert {
  if (notificationId !== null) return sendAlert;
  if (inquiryAnswerId !== null) return sendInquiryAnswer;
  if (transcriptId !== null) return sendTranscript;
  return invitationId === null ? sendPasswordReset : sendInvitation;
}

function toResult(
  sent: Exclude<SendResult, { state: 'HELD' }>,
  { attempts, postponed, forgiven }: Delivery,
  random: () => number,
): DeliveryResult {
  if (sent.state === 'POSTPONED') return { ...sent, state: 'PENDING', wasTried: false };
  if (sent.state !== 'RETRY') return sent;
  const { detail } = sent;
  const delayMs = nextDeliveryDelay(attempts - postponed - forgiven, sent.retryAfterMs, sent.isPatient);
  if (delayMs === null) return { state: 'FAILED', detail };
  return { state: 'PENDING', detail, delayMs: spreadDelay(delayMs, random()), wasTried: true };
}

/** What waits long for somebody's mail server could not be hurried once that works again: a job of its id would be there already. */
function isLeftToSweeper(sent: SendResult, result: DeliveryResult): boolean {
  const isPatient = sent.state === 'RETRY' && sent.isPatient === true;
  return isPatient && result.state === 'PENDING' && result.delayMs > LONGEST_PATIENT_JOB_MS;
}
