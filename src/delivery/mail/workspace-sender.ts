import { isIP } from 'node:net';
import type { Options } from 'nodemailer/lib/smtp-pool';
import type { MailServer } from '../../domain/mail-server';
import type { MailServers } from '../../outgoing/mail-servers';
import { MailDeferred, MailRejected, MailServerFailed } from './mail-errors';
import type { MailLog, MailTransport } from './mail-transport';
import { classifyOfWorkspace, createSmtpPool } from './smtp-pool';

/** Less than of our own server: whoever dawdles keeps a worker from the mails of others. */
const DELIVERY_TIMEOUT_MS = 30_000;

export interface WorkspaceSenderOptions {
  readonly server: MailServer;
  readonly servers: Pick<MailServers, 'connect'>;
  readonly maxConnections: number;
  readonly log: MailLog;
  /** Limit for one delivery in milliseconds, default 30,000. */
  readonly deliveryTimeoutMs?: number;
}

/**
 * Sends mail through a server that a workspace has named. Every connection goes to an address that was checked for it.
 * Whatever it throws has the server's words, and never the password: a server may repeat what it was told.
 */
export function createWorkspaceSender(options: WorkspaceSenderOptions): MailTransport {
  const { server, servers, maxConnections, log, deliveryTimeoutMs = DELIVERY_TIMEOUT_MS } = options;
  return createSmtpPool({
    server: { ...settingsOf(server), getSocket: socketsOf(server, servers) },
    ...{ maxConnections, deliveryTimeoutMs, log },
    classify: (error) => withoutPassword(classifyOfWorkspace(error), server),
  });
}

function settingsOf({ host, port, security, username, password }: MailServer): Options {
  return {
    host,
    port,
    secure: security === 'TLS',
    requireTLS: security === 'STARTTLS',
    ignoreTLS: security === 'NONE',
    // The certificate has to name the host; an address is no name that a handshake could ask for.
    tls: { minVersion: 'TLSv1.2', ...(isIP(host) === 0 ? { servername: host } : {}) },
    ...(username === null ? {} : { auth: { user: username, pass: password ?? '' } }),
  };
}

/** Instead of a lookup of nodemailer's own, whose answer nobody would check. */
function socketsOf({ host, port }: MailServer, { connect }: Pick<MailServers, 'connect'>): Options['getSocket'] {
  return (_options, callback) => {
    connect({ host, port }).then(
      (connection) => callback(null, { connection }),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), undefined),
    );
  };
}

function withoutPassword(failure: MailRejected | MailDeferred, { username, password }: MailServer): Error {
  if (username === null || !password) return failure;
  const forms = [
    password,
    ...['', `\0${username}\0`].map((before) => Buffer.from(before + password).toString('base64')),
  ];
  const message = forms.reduce((text, form) => text.replaceAll(form, '…'), failure.message);
  const kinds = [MailServerFailed, MailDeferred, MailRejected] as const;
  const Kind = kinds.find((kind) => failure instanceof kind) ?? MailDeferred;
  return new Kind(message);
}
