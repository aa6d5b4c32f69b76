import { climbLadder } from '../commands/conversation/climb-ladder';
import { expireHandoff } from '../commands/conversation/expire-handoff';
import type { Database } from '../database/database';
import type { BrandLayer } from '../domain/branding';
import type { MailTokens } from '../domain/mail-token';
import type { Catalogue } from '../delivery/mail/catalogue';
import type { MailTransport } from '../delivery/mail/mail-transport';
import type { PushSender } from '../delivery/push/push-sender';
import type { Queues } from '../jobs/queues';
import { createWorkers, type JobProcessors, type WorkersOptions as JobWorkersOptions } from '../jobs/workers';
import type { HintBus } from '../realtime/hints';
import type { Log } from '../realtime/log';
import type { LogTail } from '../realtime/log-tail';
import { type ResponderDependencies, selectResponder } from '../responders/select-responder';
import { startEventRouter } from './event-router';
import { type DeliveryDependencies, processDelivery } from './process-delivery';
import { processTurn } from './process-turn';
import { ProviderSlots } from './provider-slots';
import { RunningTurns } from './running-turns';
import type { SendDependencies } from './send-result';
import { startSweepers } from './sweepers';

export interface WorkersOptions {
  readonly database: Database;
  /** Started already, as are the hints: both are stopped by whoever made them, after the workers. */
  readonly tail: LogTail;
  readonly hints: HintBus;
  /** Closed by whoever made them, after the workers. */
  readonly queues: Queues;
  readonly responders: ResponderDependencies;
  /** Mail through the servers that workspaces have set; closed by whoever made it. */
  readonly workspaceMail: SendDependencies['workspaceMail'];
  /** The clear text of a sealed secret; null when this process has no key that opens it. */
  readonly openSecret: (stored: string, place: string) => string | null;
  readonly mail: MailTransport;
  readonly push: PushSender;
  /** The address that mails come from. */
  readonly mailFrom: string;
  readonly mailTokens: MailTokens;
  /** The words of mails, in every language. */
  readonly catalogue: Catalogue;
  /** See `SendDependencies`. */
  readonly turnOffUrl: SendDependencies['turnOffUrl'];
  /** Makes the address that the visitor of an inquiry replies to; left out or null: replies do not come back. */
  readonly openReplyAddress?: DeliveryDependencies['openReplyAddress'];
  /** What counts where neither organization nor workspace has set anything, the dashboard's address above all. */
  readonly serverBrand: BrandLayer;
  /** Jobs that run at the same time, in each queue. */
  readonly concurrency: number;
  /** How long jobs that are not generations may finish when the process stops; 10 s unless told. */
  readonly drainMs?: number;
  /** See `SweeperOptions`. */
  readonly graceSeconds?: number;
  readonly log: Log;
  /** Told of what the workers have done, for the metrics. */
  readonly meter?: {
    deliveryEnded: NonNullable<DeliveryDependencies['onEnded']>;
    jobEnded: NonNullable<JobWorkersOptions['onEnded']>;
  };
}

/** Starts everything that works behind the API: router, turns, deliveries, deadlines and sweepers. */
export async function startWorkers(options: WorkersOptions): Promise<{ stop(): Promise<void> }> {
  const { database, tail, hints, queues, concurrency, log, meter, drainMs = 10_000, graceSeconds } = options;
  await queues.ready();
  const running = new RunningTurns({ source: database.source, tail, log });
  const processors = processorsOf(options, running);
  const onEnded = meter && ((job: Parameters<typeof meter.jobEnded>[0]): void => meter.jobEnded(job));
  const workers = createWorkers({ queues, processors, concurrency, log, onEnded });
  await workers.ready();
  const router = await startEventRouter({ database, tail, queues, log });
  const sweepers = startSweepers({ database, queues, hints, log, graceSeconds });
  return {
    stop: async () => {
      // First what makes new work, then what is running; a generation is broken off, for it may take a minute.
      await Promise.all([router.stop(), sweepers.stop()]);
      await Promise.all([running.stop(), workers.close(drainMs)]);
    },
  };
}

function processorsOf(options: WorkersOptions, running: RunningTurns): JobProcessors {
  const {
    database,
    hints,
    queues,
    mail,
    workspaceMail,
    push,
    mailFrom,
    mailTokens,
    catalogue,
    turnOffUrl,
    openReplyAddress,
    serverBrand,
  } = options;
  const { responders, openSecret, log, meter } = options;
  const turns = {
    database,
    hints,
    running,
    openSecret,
    log,
    selectResponder: (config: Parameters<typeof selectResponder>[0]) => selectResponder(config, responders),
  };
  const slots = new ProviderSlots({ concurrency: options.concurrency });
  const deliveries: DeliveryDependencies = {
    source: database.source,
    queues,
    mail: { send: (message) => slots.through('mail', () => mail.send(message)) },
    workspaceMail,
    openSecret,
    push,
    slots,
    mailFrom,
    mailTokens,
    catalogue,
    turnOffUrl,
    openReplyAddress,
    serverBrand,
    log,
    onEnded: meter && ((channel, outcome): void => meter.deliveryEnded(channel, outcome)),
  };
  return {
    'run-turn': (payload, run) => processTurn(payload, run, turns),
    deliver: (payload) => processDelivery(payload, deliveries),
    'expire-handoff': async ({ handoffId: id, workspaceId, conversationId }) => {
      await expireHandoff(database, { id, workspaceId, conversationId });
    },
    'climb-ladder': async ({ handoffId: id, workspaceId, conversationId }) => {
      await climbLadder(database, { id, workspaceId, conversationId });
    },
  };
}
