import type { Pace } from '../load/pace';
import type { OpenRequest } from '../load/reader';
import { BenchProcess } from './bench-process';
import type { LiveServer } from './live-server';
import type { Machine } from './machine';

/** How a rival is started and spoken to. */
interface RivalKind {
  readonly entry: string;
  readonly settings?: object;
  readonly target: Omit<OpenRequest['target'], 'port'>;
  readonly query?: string;
}

const EVENT =
  '__typename ... on MessageAdded { cursor message { id sequence kind authorKind text createdAt author { __typename id displayName } } }';
const QUERY = `subscription Dashboard($id: ID!) { organizationEvents(organizationId: $id) { ${EVENT} } }`;
const PLAIN = { protocol: 'PLAIN', path: '/', readyText: null } as const;

const KINDS: Readonly<Record<string, RivalKind>> = {
  'ws.send(string)': { entry: 'bench/rivals/bare-ws', target: PLAIN },
  'ws, a pre-built frame': { entry: 'bench/rivals/bare-ws', settings: { frame: true }, target: PLAIN },
  'Socket.IO room': {
    entry: 'bench/rivals/socket-io',
    target: { protocol: 'SOCKET_IO', path: '/socket.io/?EIO=4&transport=websocket', readyText: '40{' },
  },
  mercurius: {
    entry: 'bench/rivals/mercurius',
    target: { protocol: 'GRAPHQL_WS', path: '/graphql', readyText: '"pong"' },
    query: QUERY,
  },
  'yoga (SSE)': {
    entry: 'bench/rivals/yoga',
    target: { protocol: 'SSE', path: '/graphql', readyText: null },
    query: QUERY,
  },
};

export const RIVALS = Object.keys(KINDS);

/** A server that only passes events on, with nothing behind it. */
export class Rival implements LiveServer {
  readonly tokens: readonly string[] = [];

  private constructor(
    readonly name: string,
    readonly process: BenchProcess,
    private readonly kind: RivalKind,
    private readonly port: number,
  ) {}

  static async start(machine: Machine, name: string): Promise<Rival> {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error(`There is no rival ${name}.`);
    const process = BenchProcess.start(machine, { entry: kind.entry, core: 'SERVER' });
    return new Rival(name, process, kind, await process.ask<number>('start', kind.settings));
  }

  get target(): LiveServer['target'] {
    return { ...this.kind.target, port: this.port };
  }

  subscriptions(): { query: string; variables: Record<string, unknown> }[] {
    const { query } = this.kind;
    return query === undefined ? [] : [{ query, variables: { id: 'org_1' } }];
  }

  async publish(pace: Pace): Promise<void> {
    await this.process.ask('publish', pace);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
