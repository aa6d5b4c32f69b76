import { join } from 'node:path';
import { createMailTransport } from '../delivery/mail/create-mail-transport';
import { createWorkspaceMail } from '../delivery/mail/workspace-mail';
import { createPushSender } from '../delivery/push/push-sender';
import { createQueues } from '../jobs/queues';
import { createMailServers } from '../outgoing/mail-servers';
import { createOutgoing } from '../outgoing/outgoing';
import { createGuardedFetch } from '../responders/guarded-fetch';
import { startWorkers } from '../workers/start-workers';
import { catalogueOf } from './catalogue';
import type { Core } from './core';
import { replyAddressesOf, smtpReceiverOf } from './inbound';
import { mailTokensOf } from './mail-tokens';
import { serverBrandOf } from './server-brand';
import { turnOffUrlOf } from './turn-off';
import { vapidKeysOf } from './vapid-keys';

export interface RunningWorker {
  /** Finishes what is running, breaks off generations, closes queues and mail. The core is the caller's to stop. */
  stop(): Promise<void>;
}

/** Runs turns, notifications, deliveries and deadlines on a core that is started. */
export async function startWorker(core: Core): Promise<RunningWorker> {
  const { config, log, database, tail, hints, databaseUrl } = core;
  const allowLoopback = config.outgoing.allowLoopbackTargets;
  const outgoing = createOutgoing({ allowLoopback });
  const mail = createMailTransport({
    smtpUrl: config.mail.smtpUrl,
    mailDirectory: join(config.dataDir, 'mail'),
    log: (fields, message) => log.info(fields, message),
  });
  const workspaceMail = createWorkspaceMail({
    servers: createMailServers({ allowLoopback }),
    log: (fields, message) => log.info(fields, message),
    perWorkspace: Math.max(1, Math.floor(config.worker.concurrency / 4)),
  });
  const vapid = { ...(await vapidKeysOf(config, database.source, core.secrets)), subject: config.push.subject };
  const queues = createQueues({ redisUrl: config.redis.url, databaseUrl, log });
  const workers = await startWorkers({
    database,
    tail,
    hints,
    queues,
    responders: {
      fetch: createGuardedFetch({ allowLoopback }),
      request: (target) => outgoing.request(target),
      modelTimeoutMs: config.model.timeoutSeconds * 1000,
    },
    openSecret: (stored, place) => core.secrets.open(stored, place),
    mail,
    workspaceMail,
    push: createPushSender({ vapid, outgoing }),
    mailFrom: config.mail.from,
    mailTokens: await mailTokensOf(database.source, core.secrets),
    catalogue: catalogueOf(config, log),
    turnOffUrl: await turnOffUrlOf(core),
    openReplyAddress: await replyAddressesOf(core),
    serverBrand: serverBrandOf(config),
    concurrency: config.worker.concurrency,
    log,
    meter: core.metrics,
  });
  const receiver = await smtpReceiverOf(core);
  core.metrics.watch.queues(() => queues.depths());
  return {
    stop: async () => {
      await receiver?.stop();
      await workers.stop();
      await queues.close();
      await Promise.all([mail.close(), workspaceMail.close()]);
    },
  };
}
