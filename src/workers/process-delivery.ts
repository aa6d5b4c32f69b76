import { nextDeliveryDelay } from '../domain/notification/delivery-retry';
import type { Delivery } from '../entities/delivery';
import type { JobPayloads } from '../jobs/jobs';
import type { Queues } from '../jobs/queues';
import type { Log } from '../realtime/log';
import { claimDelivery, type DeliveryResult, recordResult } from './delivery-rows';
import { sendAlert } from './send-alert';
import { sendInquiryAnswer } from './send-inquiry-answer';
import { sendInvitation } from './send-invitation';
import { sendPasswordReset } from './send-password-reset';
import type { SendDependencies, SendResult } from './send-result';

/** `hurryMails` brings forward what is due later than that. */
const LONGEST_PATIENT_JOB_MS = 60_000;

export interface DeliveryDependencies extends SendDependencies {
  readonly queues: Pick<Queues, 'enqueue'>;
  readonly log: Log;
  /** Told of each attempt: SENT, SKIPPED, FAILED, or PENDING when it will be tried again. */
  readonly onEnded?: (channel: Delivery['channel'], outcome: DeliveryResult['state']) => void;
}

/**
 * Sends one delivery. Safe to run any number of times, also at once: one of them takes the row, the others do nothing.
 *
 * A crash between sending and recording it leaves the row PENDING with a lease of 60 s, after which the sweeper sends it
 * once more: at least once, then, and the repetition carries the same Message-ID or push topic, by which the other side
 * knows it. The other order (record, then send) would lose it, which nobody would notice.
 */
export async function processDelivery(
  payload: JobPayloads['deliver'],
  dependencies: DeliveryDependencies,
): Promise<void> {
  const { source, queues, log } = dependencies;
  const delivery = await claimDelivery(source, payload);
  if (delivery === null) return;
  const sent = await send(delivery, dependencies);
  const result = toResult(sent, delivery.attempts);
  await recordResult(source, delivery, result);
  dependencies.onEnded?.(delivery.channel, result.state);
  if (result.state !== 'PENDING' || isLeftToSweeper(sent, result)) return;
  try {
    await queues.enqueue([{ name: 'deliver', payload, delayMs: result.delayMs, round: delivery.attempts }]);
  } catch (error) {
    log.warn({ err: error, delivery: delivery.id }, 'a retry could not be added; the sweeper will add it');
  }
}

/** A defect counts as an attempt too: one delivery that always throws must not be tried for ever. */
async function send(delivery: Delivery, dependencies: DeliveryDependencies): Promise<SendResult> {
  try {
    return await senderOf(delivery)(delivery, dependencies);
  } catch (error) {
    dependencies.log.error(
      { err: error, delivery: delivery.id },
      'a delivery failed unexpectedly; it will be tried again',
    );
    return { state: 'RETRY', detail: 'The server failed unexpectedly.', retryAfterMs: null };
  }
}

function senderOf({ notificationId, inquiryAnswerId, invitationId }: Delivery): typeof sendAlert {
  if (notificationId !== null) return sendAlert;
  if (inquiryAnswerId !== null) return sendInquiryAnswer;
  return invitationId === null ? sendPasswordReset : sendInvitation;
}

function toResult(sent: SendResult, attempts: number): DeliveryResult {
  if (sent.state === 'POSTPONED') return { ...sent, state: 'PENDING', wasTried: false };
  if (sent.state !== 'RETRY') return sent;
  const delayMs = nextDeliveryDelay(attempts, sent.retryAfterMs, sent.isPatient);
  return delayMs === null
    ? { state: 'FAILED', detail: sent.detail }
    : { state: 'PENDING', detail: sent.detail, delayMs, wasTried: true };
}

/**
 * What was only put off has the id of its next job still; and what waits long for somebody's mail server could not be
 * hurried once that works again, for a job of its id would be there already.
 */
function isLeftToSweeper(sent: SendResult, result: DeliveryResult): boolean {
  if (sent.state === 'POSTPONED') return true;
  const isPatient = sent.state === 'RETRY' && sent.isPatient === true;
  return isPatient && result.state === 'PENDING' && result.delayMs > LONGEST_PATIENT_JOB_MS;
}
