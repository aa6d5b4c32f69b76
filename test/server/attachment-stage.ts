import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { decodePublicId } from '../../src/domain/public-id';
import { attachmentTransfersOf } from '../../src/process/attachments';
import { type AttachmentEndpoint, createAttachmentEndpoint } from '../../src/server/attachment-endpoint';
import type { AttachmentTransfers } from '../../src/server/attachment-transfers';
import type { GraphqlEndpoint } from '../../src/server/graphql-endpoint';
import { createHttpServer } from '../../src/server/http-server';
import { type Announced, announce, type TestFile, upload } from '../api/attachment-files';
import { type Scene, startScene, type Visit } from '../api/scene';

export const MB = 1024 * 1024;
const IDLE_MS = 400;

/** What is stored of a file. */
export interface Held {
  readonly state: string;
  readonly pieces: number;
  readonly bytes: number;
  /** Uploads that were begun. */
  readonly attempt: number;
}

/** A connection of our own, to be as slow and as rude as we like. */
export interface Rude {
  readonly tcp: Socket;
  readonly answer: () => string;
  readonly closed: Promise<unknown>;
}

/** A server with a scene, and beside it one with little patience, and one for which it is later than for us. */
export class AttachmentStage {
  visit!: Visit;
  /** Pieces that were read for downloads of the hasty server. */
  piecesRead = 0;

  private constructor(
    readonly scene: Scene,
    readonly failures: readonly unknown[],
    private readonly servers: { hasty: Server; late: Server },
  ) {}

  static async start(): Promise<AttachmentStage> {
    const scene = await startScene({
      withWorker: false,
      env: {
        BATON_ATTACHMENT_MB: '40',
        BATON_CONVERSATION_ATTACHMENTS_MB: '100000',
        BATON_ALLOWED_ORIGINS: 'https://widget.example',
      },
    });
    const own = await attachmentTransfersOf(scene.api.core);
    const failures: unknown[] = [];
    const serve = (endpoint: AttachmentEndpoint): Promise<Server> => serveOn(endpoint, failures);
    const count = { piece: (): void => undefined };
    const hasty = await serve(createAttachmentEndpoint(counting({ ...own, idleMs: IDLE_MS }, count)));
    const late = await serve(createAttachmentEndpoint(own, () => Date.now() + 3_600_000));
    const stage = new AttachmentStage(scene, failures, { hasty, late });
    count.piece = () => (stage.piecesRead += 1);
    return stage;
  }

  async stop(): Promise<void> {
    for (const server of Object.values(this.servers)) server.close();
    await this.scene.api.stop();
  }

  /** The same address at another server. */
  at(name: 'hasty' | 'late', url: string): string {
    const moved = new URL(url);
    moved.port = String((this.servers[name].address() as AddressInfo).port);
    return moved.href;
  }

  openConnections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.servers.hasty.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );
  }

  announced(file: TestFile): Promise<Announced> {
    return announce(this.visit.visitor, this.visit.conversationId, file);
  }

  /** Uploaded and sent; where to download it. */
  async sent(file: TestFile): Promise<string> {
    const { visitor, conversationId } = this.visit;
    return this.addressOf(await upload(visitor, conversationId, file));
  }

  /** Sends what was uploaded; where to download it. */
  async addressOf(id: string): Promise<string> {
    const { visitor, conversationId } = this.visit;
    const input = { conversationId, clientNonce: 'n', text: '', attachmentIds: [id] };
    return (await visitor.act('sendMessage', input)).message!.attachments[0]!.url!;
  }

  async held(id: string): Promise<Held> {
    const [row] = await this.scene.api.source.query<[Held]>(
      `select a.state, a.attempt, count(p.position)::int as pieces, coalesce(sum(length(p.bytes)), 0)::int as bytes
       from attachments a left join attachment_pieces p on p.attachment_id = a.id where a.id = $1 group by a.id`,
      [decodePublicId('attachment', id)],
    );
    return row;
  }

  async storedOf(id: string): Promise<Buffer> {
    const rows = await this.scene.api.source.query<{ bytes: Buffer }[]>(
      'select bytes from attachment_pieces where attachment_id = $1 order by position',
      [decodePublicId('attachment', id)],
    );
    return Buffer.concat(rows.map(({ bytes }) => bytes));
  }
}

/** Sends the beginning of a request, with the path of the address where the star is. */
export function raw(url: string, head: string): Rude {
  const { hostname, port, pathname } = new URL(url);
  const tcp = connect(Number(port), hostname);
  let answer = '';
  tcp.on('data', (chunk) => (answer += chunk.toString('latin1')));
  tcp.on('error', () => undefined);
  tcp.write(`${head.replace('*', pathname)}\r\nHost: x\r\n`);
  return { tcp, answer: () => answer, closed: new Promise((resolve) => tcp.once('close', resolve)) };
}

export const sized = (size: number): string => `PUT * HTTP/1.1\r\nContent-Length: ${size}`;

function counting(transfers: AttachmentTransfers, count: { piece: () => void }): AttachmentTransfers {
  const { store } = transfers;
  return {
    ...transfers,
    store: {
      async *read(stored) {
        for await (const piece of store.read(stored)) {
          count.piece();
          yield piece;
        }
      },
    },
  };
}

async function serveOn(attachments: AttachmentEndpoint, failures: unknown[]): Promise<Server> {
  const server = createHttpServer({
    endpoint: {} as GraphqlEndpoint,
    explorer: null,
    attachments,
    allowedOrigins: [],
    isReady: async () => true,
    log: pino({ level: 'error' }, { write: (line) => failures.push(line) }),
    trustedProxies: null,
    patience: { headersMs: 5000, requestMs: 200, checkMs: 50 },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
