import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type InboundLog, type InboundMails, MAX_MAIL_BYTES } from './inbound-mails';

export interface SmtpReceiverOptions {
  readonly mails: InboundMails;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** PEM. Null: no STARTTLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly log: InboundLog;
  /** Whether this address may begin another mail now. */
  readonly mayBegin: (address: string) => Promise<boolean>;
}

export interface SmtpReceiver {
  readonly port: number;
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 20;
const SILENCE_MS = 60_000;
/** For a whole connection, however busily somebody sends a byte at a time. */
const CONNECTION_MS = 300_000;
const MAX_UNKNOWN_RECIPIENTS = 5;

/** The end of a command: SMTP code and sentence. */
class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Receives mail for reply addresses and for nobody else: it relays nothing and knows no accounts. */
export async function startSmtpReceiver(options: SmtpReceiverOptions): Promise<SmtpReceiver> {
  const { tls, log, host } = options;
  const unknown = new WeakMap<SMTPServerSession, number>();
  const server = new SMTPServer({
    ...(tls ?? {}),
    disabledCommands: tls === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    banner: 'Baton',
    size: MAX_MAIL_BYTES,
    maxClients: MAX_CONNECTIONS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 5000,
    onMailFrom: (_address, session, done) => settle(begin(options, session), done),
    onRcptTo: ({ address }, session, done) => settle(admit(options, address, session, unknown), done),
    onData: (stream, session, done) => settle(receive(options, stream, session), done),
  });
  // Clients that cut the connection or speak no SMTP: nothing that somebody has to look at.
  server.on('error', (error: Error) => log.info({ err: error }, 'a connection of inbound mail failed'));
  server.server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS);
    socket.once('close', () => clearTimeout(timer));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, host, () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };

  function settle(work: Promise<void>, done: (error?: Error | null) => void): void {
    work.then(
      () => done(),
      (error: unknown) => {
        if (error instanceof SmtpRefusal) {
          done(error);
          return;
        }
        log.error({ err: error }, 'a mail could not be taken in');
        done(new SmtpRefusal(451, '4.3.0 Something went wrong here. Try again later.'));
      },
    );
  }
}

async function begin({ mayBegin }: SmtpReceiverOptions, { remoteAddress }: SMTPServerSession): Promise<void> {
  if (!(await mayBegin(remoteAddress))) throw new SmtpRefusal(450, '4.7.1 Too many mails. Try again later.');
}

/** At the recipient: the text of a mail for nobody is not even sent. */
async function admit(
  { mails }: SmtpReceiverOptions,
  address: string,
  session: SMTPServerSession,
  unknown: WeakMap<SMTPServerSession, number>,
): Promise<void> {
  const misses = unknown.get(session) ?? 0;
  if (misses >= MAX_UNKNOWN_RECIPIENTS) throw new SmtpRefusal(421, '4.7.0 Too many unknown recipients.');
  if (session.envelope.rcptTo.length > 0) throw new SmtpRefusal(452, '4.5.3 One recipient at a time.');
  if ((await mails.findInquiry(address)) !== null) return;
  unknown.set(session, misses + 1);
  throw new SmtpRefusal(550, '5.1.1 There is no such address.');
}

async function receive(
  { mails }: SmtpReceiverOptions,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  // The server itself only announces its limit: what is beyond it is read away and not kept.
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw new SmtpRefusal(552, '5.3.4 The mail is too long.');
  await mails.take(Buffer.concat(chunks), {
    sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    recipients: envelope.rcptTo.map(({ address }) => address),
  });
}
