import type { Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { Arrivals } from './arrivals';

/** One mail as the server got it: parsed, with its envelope and its source. */
export interface ReceivedMail extends ParsedMail {
  envelope: { from: string; to: string[] };
  raw: string;
}

/**
 * What the server does with the next mail instead of taking it.
 * `reject` answers a code at that command; `drop` cuts the connection, at the first command or after the text came
 * (having kept the mail or not); `silence` takes the text and never answers.
 */
export type SmtpFailure =
  | { kind: 'reject'; at: 'MAIL' | 'RCPT' | 'DATA'; code: number; message?: string }
  | { kind: 'drop'; at: 'MAIL' }
  | { kind: 'drop'; at: 'DATA'; keepMail: boolean }
  | { kind: 'silence' };

export interface SmtpInboxOptions {
  /** Demands these credentials; `url` carries them. */
  auth?: { user: string; pass: string };
}

export interface SmtpInbox {
  /** For `smtpUrl`. */
  readonly url: string;
  /** Every mail that was taken, oldest first. */
  readonly mails: readonly ReceivedMail[];
  /** The first mail, past or coming, that fits. */
  waitForMail(predicate?: (mail: ReceivedMail) => boolean, timeoutMs?: number): Promise<ReceivedMail>;
  /** Queues one failure for each of the next mails. */
  failNext(...failures: SmtpFailure[]): void;
  /** Texts that came completely, taken or not: how often a mail was really sent. */
  readonly textsReceived: number;
  /** How many of them were for one of these addresses. */
  textsFor(addresses: ReadonlySet<string>): number;
  /** Those of `mails` that were for one of these addresses. */
  mailsFor(addresses: ReadonlySet<string>): readonly ReceivedMail[];
  /** Ends every connection; may be called again. */
  stop(): Promise<void>;
}

/** Starts a real SMTP server on a free loopback port. */
export async function startSmtpInbox({ auth }: SmtpInboxOptions = {}): Promise<SmtpInbox> {
  const arrivals = new Arrivals<ReceivedMail>();
  const failures: SmtpFailure[] = [];
  const sockets = new Map<number, Socket>();
  /** Of each text, to whom. */
  const texts: string[][] = [];

  const refusalAt = (command: 'MAIL' | 'RCPT' | 'DATA'): Error | null => {
    const [next] = failures;
    if (next?.kind !== 'reject' || next.at !== command) return null;
    failures.shift();
    return Object.assign(new Error(next.message ?? 'refused by the test'), { responseCode: next.code });
  };

  const receive = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<'TAKEN' | 'SILENT'> => {
    const raw = await readAll(stream);
    texts.push(addressesIn(session));
    const refusal = refusalAt('DATA');
    if (refusal) throw refusal;
    const failure = failures.shift();
    if (failure?.kind === 'silence') return 'SILENT';
    const isDropped = failure?.kind === 'drop' && failure.at === 'DATA';
    if (!isDropped || failure.keepMail) arrivals.add(await parseMail(raw, session));
    if (!isDropped) return 'TAKEN';
    sockets.get(session.remotePort)?.destroy();
    return 'SILENT';
  };

  const options: SMTPServerOptions = {
    authOptional: auth === undefined,
    allowInsecureAuth: true,
    disabledCommands: auth === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === auth?.user && password === auth?.pass;
      done(isKnown ? null : new Error('unknown user or password'), { user: username });
    },
    onMailFrom: (_address, session, done) => {
      const [next] = failures;
      if (next?.kind !== 'drop' || next.at !== 'MAIL') {
        done(refusalAt('MAIL'));
        return;
      }
      failures.shift();
      sockets.get(session.remotePort)?.destroy();
    },
    onRcptTo: (_address, _session, done) => done(refusalAt('RCPT')),
    onData: (stream, session, done) => {
      receive(stream, session).then(
        (result) => (result === 'TAKEN' ? done(null, 'taken by the test') : undefined),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
  const server = new SMTPServer(options);
  // Clients that cut the connection are part of the tests; without a listener they would end the process.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    if (socket.remotePort !== undefined) sockets.set(socket.remotePort, socket);
  });
  const port = await listen(server);
  const credentials = auth === undefined ? '' : `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.pass)}@`;

  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    mails: arrivals.items,
    waitForMail: (predicate = () => true, timeoutMs) => arrivals.waitFor('mail', predicate, timeoutMs),
    failNext: (...added) => void failures.push(...added),
    get textsReceived() {
      return texts.length;
    },
    textsFor: (addresses) => texts.filter((to) => isFor(addresses, to)).length,
    mailsFor: (addresses) => arrivals.items.filter(({ envelope }) => isFor(addresses, envelope.to)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.server.address();
      if (address === null || typeof address === 'string') reject(new Error('The SMTP server has no port.'));
      else resolve(address.port);
    });
  });
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function isFor(addresses: ReadonlySet<string>, to: readonly string[]): boolean {
  return to.some((address) => addresses.has(address));
}

function addressesIn({ envelope }: SMTPServerSession): string[] {
  return envelope.rcptTo.map(({ address }) => address);
}

async function parseMail(raw: Buffer, session: SMTPServerSession): Promise<ReceivedMail> {
  const { envelope } = session;
  const parsed = await simpleParser(raw);
  return Object.assign(parsed, {
    envelope: {
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: addressesIn(session),
    },
    raw: raw.toString('utf8'),
  });
}
