import type { LimitRule } from './limit-rules';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Everything that the environment decides. Parsed once by `readConfig`, then passed in from the root; frozen. */
export interface Config {
  readonly mode: 'development' | 'production' | 'test';
  /** Absolute folder for the embedded PostgreSQL, demo.json and .eml files. */
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly demo: DemoConfig;
  /** 32 bytes in base64 each: the first seals, all open. None: the key is in a file in `dataDir`. */
  readonly secretKeys: readonly string[];
  readonly server: ServerConfig;
  /** What is limited, in the order in which it is asked; empty: nothing. */
  readonly limits: readonly LimitRule[];
  readonly attachments: AttachmentConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig;
  readonly mail: MailConfig;
  readonly inbound: InboundConfig;
  readonly push: PushConfig;
  readonly outgoing: OutgoingConfig;
  readonly model: ModelConfig;
  readonly worker: WorkerConfig;
  readonly metrics: MetricsConfig;
}

export interface DemoConfig {
  /** True only on the embedded database and never in production: seeding writes passwords to demo.json. */
  readonly enabled: boolean;
}

export interface ServerConfig {
  readonly host: string;
  /** 0 lets the system choose; the address to print then comes from the listening socket. */
  readonly port: number;
  /** Without a trailing slash. Null: use `publicUrlOf` with the port that is listening. */
  readonly publicUrl: string | null;
  /** Where links in mails lead, without a trailing slash. Null: mails carry no link. */
  readonly dashboardUrl: string | null;
  /** Browser origins that may call and open sockets, as `URL.origin` spells them; empty allows any. */
  readonly allowedOrigins: readonly string[];
  readonly explorer: boolean;
  readonly introspection: boolean;
  /** Absolute path of the manifest of the only operations that run. Null: any operation within the limits runs. */
  readonly operationsFile: string | null;
  /** How long open sockets and requests get to finish when the process is told to stop. */
  readonly drainSeconds: number;
  /** How long /readyz says no before connections are refused, so that a load balancer has seen it. */
  readonly readyDelaySeconds: number;
  /** Of one address at the same time, before they have said who they are. */
  readonly maxSilentSockets: number;
  /** Whose X-Forwarded-For counts: that of so many proxies in front, or of those networks. Null: nobody's. */
  readonly trustedProxies: TrustedProxies | null;
}

export type TrustedProxies = number | readonly string[];

export interface AttachmentConfig {
  /** Of one file; 0: nothing may be attached. */
  readonly fileBytes: number;
  /** Of all files of one conversation. */
  readonly conversationBytes: number;
}

export interface DatabaseConfig {
  /** Null: the embedded PostgreSQL in `dataDir`. Holds a password: print it through `redactUrl` alone. */
  readonly url: string | null;
  /** Of the role that owns the tables, for `npm run migrate` alone. Holds a password: print it through `redactUrl` alone. */
  readonly ownerUrl: string | null;
  readonly poolSize: number;
  /** Whether the statements that every message takes are prepared once a connection. */
  readonly keepsPlans: boolean;
}

export interface RedisConfig {
  /** Null: queues and hints use PostgreSQL. Holds a password: print it through `redactUrl` alone. */
  readonly url: string | null;
}

export interface MailConfig {
  /** Null: each mail becomes an .eml file in `dataDir`. Holds a password: print it through `redactUrl` alone. */
  readonly smtpUrl: string | null;
  readonly from: string;
  /** Absolute folder of further languages for mails, one JSON file each. Null: ours alone. */
  readonly localesDir: string | null;
}

export interface InboundConfig {
  /** Replies to mails of answers come to this domain. Null: they come to nobody here. */
  readonly domain: string | null;
  /** Null: no mail server delivers to this process. */
  readonly smtp: InboundSmtpConfig | null;
  /** What a provider signs the mails with that it hands over. Null: none does. */
  readonly hookSecret: string | null;
}

export interface InboundSmtpConfig {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Paths of PEM files. Null: no STARTTLS. */
  readonly tls: { readonly keyFile: string; readonly certFile: string } | null;
}

export interface PushConfig {
  /** Null: the pair that was made at the first start. */
  readonly keys: VapidKeys | null;
  /** Whom a push service may write to: `mailto:` or `https:`. */
  readonly subject: string;
}

export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface OutgoingConfig {
  /** Lets webhook responders and push endpoints be plain http on loopback. Development and tests only. */
  readonly allowLoopbackTargets: boolean;
}

export interface ModelConfig {
  /** A model that has not finished by then has failed. */
  readonly timeoutSeconds: number;
}

export interface WorkerConfig {
  /** Jobs that one process runs at the same time, in each queue. */
  readonly concurrency: number;
}

export interface MetricsConfig {
  readonly host: string;
  /** 0 lets the system choose. Null: nobody is told anything. */
  readonly port: number | null;
}
