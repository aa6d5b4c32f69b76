import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { ArrivalRecord } from '../history/history';

export interface MailSink {
  readonly url: string;
  readonly arrivals: readonly ArrivalRecord[];
  stop(): Promise<void>;
}

/** A real SMTP server on loopback that takes every mail and remembers under which Message-ID it came, and when. */
export async function startMailSink(): Promise<MailSink> {
  const arrivals: ArrivalRecord[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, _session, done) => {
      readText(stream).then(
        (text) => {
          arrivals.push({ id: messageIdOf(text), endpoint: null, at: Date.now() });
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // A worker that is killed in the middle of a mail is part of the run; without a listener it would end us.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    arrivals,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readText(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Headers may be folded onto the next line. */
function messageIdOf(text: string): string {
  return /^message-id:\s*(<[^>]+>)/im.exec(text)?.[1] ?? 'a mail without a Message-ID';
}
