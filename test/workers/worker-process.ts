import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source';
import type { Database } from '../../src/database/database';
import { loadCatalogue } from '../../src/delivery/mail/catalogue';
import { createMailTransport } from '../../src/delivery/mail/create-mail-transport';
import { generateVapidKeys } from '../../src/delivery/push/push-keys';
import { createPushSender } from '../../src/delivery/push/push-sender';
import { createQueues, type Queues } from '../../src/jobs/queues';
import { createOutgoing } from '../../src/outgoing/outgoing';
import { createDispatcher } from '../../src/realtime/dispatcher';
import { createHintBus } from '../../src/realtime/hint-bus';
import { createLogTail } from '../../src/realtime/log-tail';
import type { Signal } from '../../src/realtime/signals';
import { createGuardedFetch } from '../../src/responders/guarded-fetch';
import { startWorkers } from '../../src/workers/start-workers';
import { deafBus, LogBook } from '../realtime/support';
import { Arrivals } from '../support/arrivals';
import { testSecrets } from '../support/secrets';

/** What worker.ts composes: one process that does all the work behind the API. */
export interface WorkerProcess {
  readonly source: DataSource;
  readonly database: Database;
  readonly queues: Queues;
  readonly signals: Arrivals<Signal>;
  readonly log: LogBook;
  /** May be called again. */
  stop(): Promise<void>;
}

export interface WorkerProcessOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly smtpUrl: string;
  readonly modelTimeoutMs?: number;
  readonly graceSeconds?: number;
  /** Every hint is lost. */
  readonly isDeaf?: boolean;
}

export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const { databaseUrl, redisUrl, smtpUrl, modelTimeoutMs = 10_000, graceSeconds, isDeaf = false } = options;
  const log = new LogBook();
  const source = createDataSource({ url: databaseUrl, poolSize: 10, applicationName: 'baton-test' });
  await source.initialize();
  const hints = isDeaf ? deafBus : createHintBus({ databaseUrl, redisUrl, log });
  await hints.start();
  const signals = new Arrivals<Signal>();
  hints.onSignal((signal) => signals.add(signal));
  const tail = createLogTail({ source, hints, log });
  await tail.start();
  const dispatcher = createDispatcher({ source, hints, tail: isDeaf ? null : tail, log });
  dispatcher.start();
  const database: Database = { source, afterCommit: () => dispatcher.kick() };
  const queues = createQueues({ redisUrl, databaseUrl, log });
  const outgoing = createOutgoing({ allowLoopback: true });
  const mail = createMailTransport({ smtpUrl, mailDirectory: '/nowhere', log: () => undefined });
  const workers = await startWorkers({
    database,
    tail,
    hints,
    queues,
    responders: {
      fetch: createGuardedFetch({ allowLoopback: true }),
      request: (target) => outgoing.request(target),
      modelTimeoutMs,
    },
    openSecret: (stored, place) => testSecrets.open(stored, place),
    mail,
    push: createPushSender({ vapid: { ...generateVapidKeys(), subject: 'mailto:ops@example.com' }, outgoing }),
    mailFrom: 'no-reply@baton.example',
    mailTokens: () => '',
    turnOffUrl: () => null,
    workspaceMail: { send: () => Promise.reject(new Error('No workspace here has a mail server.')) },
    catalogue: loadCatalogue({ directory: null, log: () => undefined }),
    serverBrand: {},
    concurrency: 8,
    drainMs: 2000,
    graceSeconds,
    log,
  });
  const stop = async (): Promise<void> => {
    await workers.stop();
    await queues.close();
    await mail.close();
    await dispatcher.stop();
    await tail.stop();
    await hints.stop();
    await source.destroy();
  };
  let stopped: Promise<void> | null = null;
  return { source, database, queues, signals, log, stop: () => (stopped ??= stop()) };
}
