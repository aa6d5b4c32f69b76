import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pace } from '../load/pace';
import type { Caller, OpenLoop, Sent } from '../load/sender';
import { BenchProcess } from './bench-process';
import type { LiveServer } from './live-server';
import type { Machine } from './machine';
import type { World } from './world';

export const POOL_SIZE = 20;
const SENDERS = 64;

export const SEND_MESSAGE = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id sequence createdAt } userErrors { code } wasDuplicate } }`;

/** Eleven fields, as a dashboard shows a message; the operation's name makes the group. */
const subscription = (group: number): string => `subscription Dashboard${group}($id: ID!) {
  organizationEvents(organizationId: $id) { __typename
    ... on StreamReady { cursor recovered }
    ... on MessageAdded { cursor message { id sequence kind authorKind text createdAt author { __typename id displayName } } } } }`;

export interface BatonOptions {
  readonly machine: Machine;
  readonly world: World;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** The same for all processes on a database. */
  readonly secretKey: string;
  /** Counts executions and statements, which costs a little: for the row that is about them alone. */
  readonly counting?: boolean;
  readonly exposeGc?: boolean;
}

/** `npm run start:api` in a process of its own: authorization, tenancy and row-level security as in production; no limits. */
export class Baton implements LiveServer {
  readonly name = 'Baton';

  private constructor(
    readonly process: BenchProcess,
    private readonly sender: BenchProcess,
    private readonly world: World,
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(options: BatonOptions): Promise<Baton> {
    const { machine, world, databaseUrl, redisUrl, secretKey, counting = false, exposeGc = false } = options;
    const folder = await mkdtemp(join(tmpdir(), 'baton-bench-api-'));
    const server = BenchProcess.start(machine, {
      entry: 'src/api',
      core: 'SERVER',
      nodeOptions: [...(counting ? ['--title=count'] : []), ...(exposeGc ? ['--expose-gc'] : [])],
      variables: {
        DATABASE_URL: databaseUrl,
        DATABASE_POOL_SIZE: String(POOL_SIZE),
        ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
        BATON_DATA_DIR: folder,
        BATON_SECRET_KEY: secretKey,
        BATON_LIMITS: 'off',
        BATON_DRAIN_SECONDS: '0',
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'info',
      },
    });
    const sender = BenchProcess.start(machine, { entry: 'bench/load/sender', core: 'LOAD' });
    const [, port] = await server.prints(/"url":"http:\/\/[^:"]+:(\d+)\/graphql"/);
    return new Baton(server, sender, world, Number(port), folder);
  }

  get target(): LiveServer['target'] {
    return { protocol: 'GRAPHQL_WS', port: this.port, path: '/graphql', readyText: 'StreamReady' };
  }

  get tokens(): readonly string[] {
    return this.world.memberTokens;
  }

  subscriptions(groups: number): { query: string; variables: Record<string, unknown> }[] {
    const variables = { id: this.world.organizationId };
    return Array.from({ length: groups }, (_, group) => ({ query: subscription(group), variables }));
  }

  /** Visitors who write, each in the conversation of their own. */
  callers(count = SENDERS): Caller[] {
    return this.world.visitors
      .slice(0, count)
      .map(({ token, conversationId }) => ({ token, input: { conversationId } }));
  }

  get hasEnded(): boolean {
    return this.process.hasEnded || this.sender.hasEnded;
  }

  /** By the API like everything else: a send for each event. */
  async publish(pace: Pace): Promise<void> {
    const operation: OpenLoop = {
      port: this.port,
      path: '/graphql',
      query: SEND_MESSAGE,
      callers: this.callers(),
      pace,
    };
    await this.sender.ask<Sent>('openLoop', operation);
  }

  async stop(): Promise<void> {
    await Promise.all([this.process.stop(), this.sender.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
