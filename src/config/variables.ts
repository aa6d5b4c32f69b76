import { isIP } from 'node:net';
import { z } from 'zod';
import { isSecretKey } from './secret-key';
import { LIMIT_RULES, limitRulesOf } from './limit-rules';

const address = (example: string, ...schemes: readonly string[]) => {
  const problem = `must be an address such as ${example} (special characters in a password are percent-encoded)`;
  return z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), problem);
};

const webAddress = (example: string) =>
  z
    .string()
    .refine(isWebAddress, `must be an http or https address without query and fragment, such as ${example}`)
    .transform((text) => text.replace(/\/+$/, ''));

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && search === '' && hash === '';
}

const whole = (least: number, most: number, example: number) => {
  const problem = `must be a whole number from ${String(least)} to ${String(most)}, for example ${String(example)}`;
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, problem)
    .transform(Number);
};

const either = (yes: string, no: string) =>
  z.enum([yes, no], { error: `must be ${yes} or ${no}` }).transform((text) => text === yes);

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

/** Base64url of a fixed number of bytes: what `web-push generate-vapid-keys` prints. */
const base64url = (bytes: number, problem: string) =>
  z
    .string()
    .refine((text) => /^[\w-]+=*$/.test(text) && Buffer.from(text, 'base64url').length === bytes, problem)
    .transform((text) => text.replace(/=+$/, ''));

const isHost = (text: string): boolean => isIP(text) !== 0 || /^[a-z\d]([a-z\d.-]{0,251}[a-z\d])?$/i.test(text);

const host = z.string().refine(isHost, 'must be an IP address or a host name, such as 127.0.0.1');

const isPushSubject = (text: string): boolean =>
  URL.canParse(text) && (/^mailto:[^\s@]+@[^\s@]+$/.test(text) || new URL(text).protocol === 'https:');

const file = z.string().refine((text) => !text.includes('\0'), 'must be the path of a file');

const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => isWebAddress(part) && new URL(part).pathname === '/'),
    'must be origins separated by commas, such as https://dashboard.example.com,https://www.example.com:8443',
  )
  .transform((parts) => parts.map((part) => new URL(part).origin));

const secretKeys = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (keys) => keys.every(isSecretKey),
    'must be 32 bytes in base64, as `openssl rand -base64 32` prints them, or several such keys separated by commas',
  );
const limits = z.string().transform((text, context) => {
  const rules = limitRulesOf(text);
  if (typeof rules !== 'string') return rules;
  context.addIssue({ code: 'custom', message: rules });
  return z.NEVER;
});

/** How many proxies stand in front, or where they are. */
const trustedProxies = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => (parts.length === 1 && /^[1-9]$/.test(parts[0] ?? '')) || parts.every(isNetwork),
    'must be the number of proxies in front (1 to 9), or their addresses, such as 10.0.0.0/8,192.0.2.7',
  )
  .transform((parts) => (/^[1-9]$/.test(parts[0] ?? '') ? Number(parts[0]) : parts));

function isNetwork(text: string): boolean {
  const [host = '', bits, ...rest] = text.split('/');
  const most = isIP(host) === 4 ? 32 : 128;
  return (
    isIP(host) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

/** Every variable that Baton reads, and nothing else; `.env.example` explains each (a test compares the two). */
export const variables = z.object({
  NODE_ENV: oneOf(['development', 'production', 'test']).default('development'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  BATON_DATA_DIR: z
    .string()
    .refine((text) => !text.includes('\0'), 'must be the path of a folder')
    .default('./.baton'),
  BATON_SECRET_KEY: secretKeys.default([]),

  HOST: host.optional(),
  PORT: whole(0, 65_535, 4000).default(4000),
  PUBLIC_URL: webAddress('https://chat.example.com').optional(),
  DASHBOARD_URL: webAddress('https://dashboard.example.com').optional(),
  BATON_ALLOWED_ORIGINS: origins.default([]),
  BATON_EXPLORER: either('on', 'off').optional(),
  BATON_INTROSPECTION: either('on', 'off').optional(),
  BATON_OPERATIONS_FILE: file.optional(),
  BATON_DRAIN_SECONDS: whole(0, 600, 5).default(5),
  BATON_READY_DELAY_SECONDS: whole(0, 120, 5).default(0),
  BATON_SILENT_SOCKETS: whole(1, 100_000, 100).default(100),
  BATON_TRUST_PROXY: trustedProxies.optional(),
  BATON_LIMITS: limits.default(LIMIT_RULES),

  BATON_ATTACHMENT_MB: whole(0, 1000, 25).default(25),
  BATON_CONVERSATION_ATTACHMENTS_MB: whole(0, 100_000, 100).default(100),

  DATABASE_URL: address('postgres://user:password@host:5432/baton', 'postgres:', 'postgresql:').optional(),
  DATABASE_OWNER_URL: address('postgres://owner:password@host:5432/baton', 'postgres:', 'postgresql:').optional(),
  DATABASE_POOL_SIZE: whole(2, 500, 20).default(20),
  DATABASE_PREPARED: either('on', 'off').default(true),
  REDIS_URL: address('redis://:password@host:6379', 'redis:', 'rediss:').optional(),

  SMTP_URL: address('smtp://user:password@host:587', 'smtp:', 'smtps:').optional(),
  MAIL_FROM: z.email('must be one plain e-mail address, such as no-reply@example.com').optional(),

  BATON_LOCALES_DIR: z
    .string()
    .refine((text) => !text.includes('\0'), 'must be the path of a folder')
    .optional(),
  BATON_INBOUND_DOMAIN: host.optional(),
  BATON_INBOUND_SMTP_HOST: host.default('0.0.0.0'),
  BATON_INBOUND_SMTP_PORT: whole(0, 65_535, 2525).optional(),
  BATON_INBOUND_TLS_KEY: file.optional(),
  BATON_INBOUND_TLS_CERT: file.optional(),
  BATON_INBOUND_HOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z\d+/]{32,128}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')
    .optional(),

  VAPID_PUBLIC_KEY: base64url(65, 'must be the base64url text of a 65-byte public key').optional(),
  VAPID_PRIVATE_KEY: base64url(32, 'must be the base64url text of a 32-byte private key').optional(),
  VAPID_SUBJECT: z
    .string()
    .refine(isPushSubject, 'must be a mailto: or https: address, such as mailto:push@example.com')
    .optional(),

  BATON_ALLOW_LOOPBACK_TARGETS: either('true', 'false').default(false),
  BATON_MODEL_TIMEOUT_SECONDS: whole(1, 600, 60).default(60),
  BATON_WORKER_CONCURRENCY: whole(1, 256, 16).default(16),

  METRICS_HOST: host.default('127.0.0.1'),
  METRICS_PORT: whole(0, 65_535, 9464).optional(),
});

export type Variables = z.infer<typeof variables>;

/** Which variable does not go with the others, and what is wrong with it. */
type Conflict = readonly [keyof Variables, string];

/** Refusals that need two variables: [the variable to name, what to do], or nothing. */
export function conflictOf(values: Variables): Conflict | null {
  return ownerConflictOf(values) ?? pushConflictOf(values) ?? mailConflictOf(values) ?? inboundConflictOf(values);
}

function ownerConflictOf({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }: Variables): Conflict | null {
  if (ownerUrl === undefined) return null;
  if (url === undefined)
    return ['DATABASE_URL', 'is missing: with DATABASE_OWNER_URL, set it to the role that Baton runs as'];
  const { username } = new URL(url);
  if (username === '' || username !== new URL(ownerUrl).username) return null;
  return [
    'DATABASE_URL',
    'must name another user than DATABASE_OWNER_URL: Baton must not run as the owner of its tables',
  ];
}

function pushConflictOf(values: Variables): Conflict | null {
  if (values.VAPID_PUBLIC_KEY !== undefined && values.VAPID_PRIVATE_KEY === undefined) {
    return ['VAPID_PRIVATE_KEY', 'is missing: set it together with VAPID_PUBLIC_KEY, or set neither'];
  }
  if (values.VAPID_PRIVATE_KEY !== undefined && values.VAPID_PUBLIC_KEY === undefined) {
    return ['VAPID_PUBLIC_KEY', 'is missing: set it together with VAPID_PRIVATE_KEY, or set neither'];
  }
  if (values.VAPID_PUBLIC_KEY !== undefined && values.VAPID_SUBJECT === undefined) {
    return [
      'VAPID_SUBJECT',
      'is missing: with VAPID keys set it to the mailto: or https: address of whoever runs this server',
    ];
  }
  return null;
}

function mailConflictOf(values: Variables): Conflict | null {
  if (values.NODE_ENV === 'production' && values.SMTP_URL !== undefined && values.MAIL_FROM === undefined) {
    return ['MAIL_FROM', 'is missing: with SMTP_URL in production set it to the address that mails come from'];
  }
  return null;
}

function inboundConflictOf(values: Variables): Conflict | null {
  const { BATON_INBOUND_TLS_KEY: key, BATON_INBOUND_TLS_CERT: cert } = values;
  const takes = values.BATON_INBOUND_SMTP_PORT ?? values.BATON_INBOUND_HOOK_SECRET;
  if (takes !== undefined && values.BATON_INBOUND_DOMAIN === undefined) {
    return ['BATON_INBOUND_DOMAIN', 'is missing: set it to the domain of the addresses that visitors reply to'];
  }
  if ((key === undefined) === (cert === undefined)) return null;
  const missing = key === undefined ? 'BATON_INBOUND_TLS_KEY' : 'BATON_INBOUND_TLS_CERT';
  return [missing, 'is missing: STARTTLS takes the key and the certificate, or neither'];
}
