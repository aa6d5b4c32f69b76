import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Link } from '../faults/link';
import type { Breach } from '../history/history';
import { DatabaseServer } from './database-server';
import { Machine } from './machine';
import type { Reaper } from './reaper';
import { RedisServer } from './redis-server';

const run = promisify(execFile);
const projectRoot = join(__dirname, '..', '..', '..');

const APIS = 3;
const WORKERS = 2;
/** A start takes one to two seconds on an idle machine. */
const READY_MS = 120_000;
/** Of one process. The embedded server takes 200 connections, and hints, queues and limits have some of their own. */
const POOL_SIZE = '10';

/** A process and the links that it is reached by and reaches others by. */
export interface Node {
  readonly machine: Machine;
  /** Of an API: what its clients connect to. */
  readonly front: Link | null;
  readonly database: Link;
  readonly redis: Link | null;
}

export interface DeploymentOptions {
  readonly folder: string;
  readonly logFolder: string;
  readonly reaper: Reaper;
  /** PATH and HOME: nothing else of our environment reaches the processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly withRedis: boolean;
  readonly smtpUrl: string;
}

/** Three API and two worker processes on one PostgreSQL, and one Redis where there is one, with a link in front of everything. */
export class Deployment {
  readonly apis: Node[] = [];
  readonly workers: Node[] = [];
  /** Processes that ended by themselves. */
  readonly deaths: Breach[] = [];

  private constructor(
    private readonly options: DeploymentOptions,
    readonly database: DatabaseServer,
    readonly redis: RedisServer | null,
  ) {}

  static async start(options: DeploymentOptions): Promise<Deployment> {
    let deployment: Deployment | null = null;
    const onPort = (port: number | null): void => deployment?.aimDatabase(port);
    const [database, redis] = await Promise.all([
      DatabaseServer.start(join(options.folder, 'data'), onPort),
      options.withRedis ? RedisServer.start(options.reaper) : null,
    ]);
    deployment = new Deployment(options, database, redis);
    await deployment.runOnce('migrate', [], { DATABASE_OWNER_URL: database.ownerUrl });
    const key = randomBytes(32).toString('base64');
    for (let index = 1; index <= APIS; index += 1) deployment.apis.push(await deployment.addNode('api', index, key));
    for (let index = 1; index <= WORKERS; index += 1) {
      deployment.workers.push(await deployment.addNode('worker', index, key));
    }
    await deployment.allReady();
    return deployment;
  }

  get nodes(): readonly Node[] {
    return [...this.apis, ...this.workers];
  }

  /** Of every API, behind its link: the same for the whole run. */
  get urls(): readonly string[] {
    return this.apis.map(({ front }) => `http://127.0.0.1:${front?.port ?? 0}/graphql`);
  }

  /** Runs one of the commands to its end, past every link. */
  async runOnce(
    entry: 'migrate' | 'admin',
    parameters: readonly string[],
    more: Record<string, string>,
  ): Promise<string> {
    const env = { ...this.options.environment, DATABASE_URL: this.database.applicationUrl, ...more };
    const { stdout } = await run(process.execPath, ['scripts/run.mjs', entry, ...parameters], {
      cwd: projectRoot,
      env,
    });
    return stdout;
  }

  /** Waits until every process is ready, or for two minutes: one that is not by then counts as dead. */
  async allReady(): Promise<void> {
    await Promise.all(
      this.nodes.map(async ({ machine }) => {
        if (await machine.readyWithin(READY_MS)) return;
        this.deaths.push({ kind: 'PROCESS_DIED', detail: `${machine.name} does not become ready` });
      }),
    );
  }

  /** Faults are over: everything passes, and everything that is stopped goes on. */
  heal(): void {
    for (const { machine } of this.nodes) machine.resume();
    for (const link of this.links) {
      link.delay(0);
      link.heal();
    }
  }

  /** In good order; `isHurried` kills everything but PostgreSQL. */
  async stop(isHurried: boolean): Promise<void> {
    this.heal();
    await Promise.all(this.nodes.map(({ machine }) => machine.stop(isHurried ? 'SIGKILL' : 'SIGTERM')));
    await Promise.all(this.links.map((link) => link.close()));
    await Promise.all([this.database.stop(), this.redis?.stop()]);
  }

  private get links(): readonly Link[] {
    return this.nodes.flatMap(({ front, database, redis }) => [front, database, redis].filter((link) => link !== null));
  }

  private aimDatabase(port: number | null): void {
    for (const { database } of this.nodes) {
      database.target = port;
    }
  }

  private async addNode(entry: 'api' | 'worker', index: number, key: string): Promise<Node> {
    const { folder, logFolder, reaper } = this.options;
    const name = `${entry}-${index}`;
    const [front, database, redis] = await Promise.all([
      entry === 'api' ? Link.open() : null,
      Link.open(),
      this.redis === null ? null : Link.open(),
    ]);
    database.target = Number(new URL(this.database.applicationUrl).port);
    if (redis !== null && this.redis !== null) redis.target = this.redis.port;
    const dataDirectory = join(folder, name);
    mkdirSync(dataDirectory);
    const machine = new Machine({
      name,
      entry,
      logFile: join(logFolder, `${name}.log`),
      reaper,
      env: {
        ...this.environmentOf(key),
        BATON_DATA_DIR: dataDirectory,
        DATABASE_URL: behind(this.database.applicationUrl, database),
        ...(redis === null ? {} : { REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
      },
      onPort: (port) => {
        if (front !== null) front.target = port;
      },
      onDeath: (how) => this.deaths.push({ kind: 'PROCESS_DIED', detail: `${name} ended by itself: ${how}` }),
    });
    machine.start();
    return { machine, front, database, redis };
  }

  private environmentOf(key: string): Record<string, string> {
    return {
      ...this.options.environment,
      HOST: '127.0.0.1',
      PORT: '0',
      BATON_SECRET_KEY: key,
      BATON_LIMITS: 'off',
      BATON_ALLOW_LOOPBACK_TARGETS: 'true',
      BATON_DRAIN_SECONDS: '2',
      DATABASE_POOL_SIZE: POOL_SIZE,
      SMTP_URL: this.options.smtpUrl,
      MAIL_FROM: 'no-reply@torture.example',
    };
  }
}

function behind(address: string, link: Link): string {
  const url = new URL(address);
  url.port = String(link.port);
  return url.href;
}
