import { resolve } from 'node:path';
import type { Config, InboundConfig, MailConfig, PushConfig, ServerConfig } from './config';
import { conflictOf, variables, type Variables } from './variables';

/** The environment cannot be used. The message is one line that names each variable in question and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const BYTES_PER_MB = 1024 * 1024;
const defaultSender = 'no-reply@baton.localhost';

/**
 * Turns environment variables into the configuration. Pure but for the working directory, against which BATON_DATA_DIR,
 * BATON_LOCALES_DIR and BATON_OPERATIONS_FILE are resolved. Variables that Baton does not know are ignored, empty ones count as unset.
 *
 * @throws ConfigError, never with the value of a variable in it: any of them may be a secret put in the wrong place.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = parse(env);
  const production = values.NODE_ENV === 'production';
  return deepFreeze<Config>({
    mode: values.NODE_ENV,
    dataDir: resolve(values.BATON_DATA_DIR),
    logLevel: values.LOG_LEVEL,
    demo: { enabled: values.DATABASE_URL === undefined && !production },
    secretKeys: values.BATON_SECRET_KEY,
    server: serverOf(values, production),
    limits: values.BATON_LIMITS,
    attachments: {
      fileBytes: values.BATON_ATTACHMENT_MB * BYTES_PER_MB,
      conversationBytes: values.BATON_CONVERSATION_ATTACHMENTS_MB * BYTES_PER_MB,
    },
    database: {
      url: values.DATABASE_URL ?? null,
      ownerUrl: values.DATABASE_OWNER_URL ?? null,
      poolSize: values.DATABASE_POOL_SIZE,
      keepsPlans: values.DATABASE_PREPARED,
    },
    redis: { url: values.REDIS_URL ?? null },
    mail: mailOf(values),
    inbound: inboundOf(values),
    push: pushOf(values),
    outgoing: { allowLoopbackTargets: values.BATON_ALLOW_LOOPBACK_TARGETS },
    model: { timeoutSeconds: values.BATON_MODEL_TIMEOUT_SECONDS },
    worker: { concurrency: values.BATON_WORKER_CONCURRENCY },
    metrics: { host: values.METRICS_HOST, port: values.METRICS_PORT ?? null },
  });
}

function parse(env: NodeJS.ProcessEnv): Variables {
  const given = Object.entries(env).flatMap(([name, text]) => {
    const trimmed = text?.trim() ?? '';
    return trimmed === '' ? [] : [[name, trimmed] as const];
  });
  const result = variables.safeParse(Object.fromEntries(given));
  if (!result.success) {
    throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
  }
  const conflict = conflictOf(result.data);
  if (conflict !== null) throw new ConfigError(conflict.join(' '));
  return result.data;
}

function serverOf(values: Variables, production: boolean): ServerConfig {
  return {
    // The embedded demo prints passwords on a screen and is nobody's business outside of this machine.
    host: values.HOST ?? (values.DATABASE_URL === undefined ? '127.0.0.1' : '0.0.0.0'),
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? null,
    dashboardUrl: values.DASHBOARD_URL ?? null,
    allowedOrigins: values.BATON_ALLOWED_ORIGINS,
    explorer: values.BATON_EXPLORER ?? !production,
    introspection: values.BATON_INTROSPECTION ?? !production,
    operationsFile: values.BATON_OPERATIONS_FILE === undefined ? null : resolve(values.BATON_OPERATIONS_FILE),
    drainSeconds: values.BATON_DRAIN_SECONDS,
    readyDelaySeconds: values.BATON_READY_DELAY_SECONDS,
    maxSilentSockets: values.BATON_SILENT_SOCKETS,
    trustedProxies: values.BATON_TRUST_PROXY ?? null,
  };
}

function mailOf(values: Variables): MailConfig {
  return {
    smtpUrl: values.SMTP_URL ?? null,
    from: values.MAIL_FROM ?? defaultSender,
    localesDir: values.BATON_LOCALES_DIR === undefined ? null : resolve(values.BATON_LOCALES_DIR),
  };
}

function inboundOf(values: Variables): InboundConfig {
  const { BATON_INBOUND_SMTP_PORT: port, BATON_INBOUND_TLS_KEY: key, BATON_INBOUND_TLS_CERT: cert } = values;
  const tls = key === undefined || cert === undefined ? null : { keyFile: resolve(key), certFile: resolve(cert) };
  return {
    domain: values.BATON_INBOUND_DOMAIN?.toLowerCase() ?? null,
    smtp: port === undefined ? null : { host: values.BATON_INBOUND_SMTP_HOST, port, tls },
    hookSecret: values.BATON_INBOUND_HOOK_SECRET ?? null,
  };
}

function pushOf(values: Variables): PushConfig {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = values;
  return {
    keys: publicKey !== undefined && privateKey !== undefined ? { publicKey, privateKey } : null,
    subject: values.VAPID_SUBJECT ?? `mailto:${values.MAIL_FROM ?? defaultSender}`,
  };
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
