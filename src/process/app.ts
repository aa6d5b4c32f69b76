import { shareReads } from '../database/shared-reads';
import { checkPushKeys } from '../delivery/push/push-keys';
import { createPasswordHasher } from '../identity/password-hasher';
import { createRateLimits, type RateLimits } from '../limits/rate-limits';
import type { Meter } from '../metrics/metrics';
import { createMailServers } from '../outgoing/mail-servers';
import { createOutgoing } from '../outgoing/outgoing';
import { organizationOfAgent } from '../queries/agents';
import { createPresence } from '../realtime/presence';
import type { App } from '../resolvers/request-context';
import type { Core } from './core';
import { attachmentLinksOf } from './attachments';
import { mailTokensOf } from './mail-tokens';
import { probeMailOf } from './probe-mail';
import { reservedHostsOf, serverBrandOf } from './server-brand';
import { vapidKeysOf } from './vapid-keys';

/**
 * What all requests of an API process share. Whoever makes it stops its presence and its limits.
 *
 * @param origin where clients reach this process, once it listens
 */
export async function createApp(core: Core, origin: () => string): Promise<App> {
  const { config, log, database, hub, hints } = core;
  const { source } = database;
  const { redis, limits: rules } = config;
  const allowLoopback = config.outgoing.allowLoopbackTargets;
  const outgoing = createOutgoing({ allowLoopback });
  const mailServers = createMailServers({ allowLoopback });
  return {
    database,
    shareReads: () => shareReads(source),
    hub,
    hints,
    presence: createPresence({ source, hints, processId: core.processId, log }),
    vapidPublicKey: (await vapidKeysOf(config, source, core.secrets)).publicKey,
    serverBrand: serverBrandOf(config),
    reservedHosts: reservedHostsOf(config),
    checkTarget: (url) => outgoing.checkTarget(url),
    checkPushKeys,
    checkMailServer: (address) => mailServers.checkMailServer(address),
    allowsLoopback: allowLoopback,
    probeMail: probeMailOf(core, mailServers),
    sealSecret: (clear, place) => core.secrets.seal(clear, place),
    openSecret: (stored, place) => core.secrets.open(stored, place),
    passwords: createPasswordHasher(),
    canMail: config.mail.smtpUrl !== null || config.mode !== 'production',
    attachmentLinks: await attachmentLinksOf(core, origin),
    attachmentLimits: config.attachments,
    mailTokens: await mailTokensOf(source, core.secrets),
    limits: counted(
      await createRateLimits({ rules, redisUrl: redis.url, databaseUrl: core.databaseUrl, log }),
      core.metrics,
    ),
    organizationOfAgent: (agentId) => organizationOfAgent(source, agentId),
  };
}

/** The same limits; each call that is over one is counted under its name. */
function counted(limits: RateLimits, meter: Meter): RateLimits {
  return {
    reached: async (call) => {
      const reached = await limits.reached(call);
      if (reached !== null) meter.limitReached(reached.name);
      return reached;
    },
    stop: () => limits.stop(),
  };
}
