import { randomBytes } from 'node:crypto';
import type { ClosedLoop, Sent } from '../load/sender';
import type { Plan } from '../plan';
import { Baton, POOL_SIZE } from './baton';
import { BenchProcess } from './bench-process';
import { Dashboards, type LiveServer } from './live-server';
import type { Machine } from './machine';
import { type BenchPostgres, startPostgres } from './postgres';
import { type BenchRedis, startRedis } from './redis';
import { Textbook } from './textbook';
import { createWorld, type World } from './world';
import { Writer } from './writer';

type Stop = () => Promise<void>;

/** What rows share: the database, Baton and the textbook, each started when a row first asks for it. */
export class Stage {
  private readonly stops: Stop[] = [];
  private readonly secretKey = randomBytes(32).toString('base64');

  private constructor(
    readonly machine: Machine,
    readonly plan: Plan,
    readonly postgres: BenchPostgres,
    readonly world: World,
    readonly redisUrl: string | null,
    /** For a person at the terminal: which row runs, and what it found. */
    readonly tell: (line: string) => void,
  ) {}

  private running: { baton?: Promise<Baton>; textbook?: Promise<Textbook>; sender?: BenchProcess } = {};

  static async open(machine: Machine, plan: Plan, tell: (line: string) => void): Promise<Stage> {
    const postgres = await startPostgres();
    let redis: BenchRedis | null = null;
    try {
      redis = machine.redisServer === null ? null : await startRedis(machine.redisServer);
      const stage = new Stage(machine, plan, postgres, await createWorld(postgres), redis?.url ?? null, tell);
      stage.stops.push(async () => postgres.stop());
      const running = redis;
      if (running !== null) stage.stops.push(() => running.stop());
      return stage;
    } catch (error) {
      await redis?.stop();
      await postgres.stop();
      throw error;
    }
  }

  baton(): Promise<Baton> {
    this.running.baton ??= this.startBaton();
    return this.running.baton;
  }

  textbook(): Promise<Textbook> {
    this.running.textbook ??= this.startTextbook();
    return this.running.textbook;
  }

  /** Another one beside the shared one. It ends with the stage, or when the row stops it. */
  async startBaton(options: { counting?: boolean; exposeGc?: boolean } = {}): Promise<Baton> {
    const { machine, world, redisUrl, secretKey } = this;
    const baton = await Baton.start({
      machine,
      world,
      redisUrl,
      secretKey,
      databaseUrl: this.postgres.applicationUrl,
      ...options,
    });
    this.stops.push(() => baton.stop());
    return baton;
  }

  async startTextbook(options: { exposeGc?: boolean } = {}): Promise<Textbook> {
    const { machine, redisUrl } = this;
    const textbook = await Textbook.start({ machine, redisUrl, databaseUrl: this.postgres.textbookUrl, ...options });
    this.stops.push(() => textbook.stop());
    return textbook;
  }

  /** As fast as the server answers. */
  closedLoop(operation: ClosedLoop): Promise<Sent> {
    this.running.sender ??= this.start('bench/load/sender', 'LOAD');
    return this.running.sender.ask<Sent>('closedLoop', operation);
  }

  /** Beside whichever is measured. It ends with the stage, or when the row stops it. */
  async startWriter(): Promise<Writer> {
    const { machine, world, redisUrl, postgres } = this;
    const databaseUrl = postgres.applicationUrl;
    const writer = await Writer.start(machine, { world, redisUrl, databaseUrl, poolSize: POOL_SIZE });
    this.stops.push(() => writer.stop());
    return writer;
  }

  /** A process that ends with the stage. */
  start(entry: string, core: 'SERVER' | 'LOAD'): BenchProcess {
    const process = BenchProcess.start(this.machine, { entry, core });
    this.stops.push(() => process.stop());
    return process;
  }

  openDashboards(server: LiveServer, count: number, groups = 1): Promise<Dashboards> {
    return Dashboards.open(this.machine, server, count, groups);
  }

  /** What a row has brought down is started anew for the next one. */
  async forgetEnded(): Promise<void> {
    const { baton, textbook, sender } = this.running;
    const isUp = async (server: Promise<Baton | Textbook> | undefined): Promise<boolean> =>
      (await server?.catch(() => null))?.hasEnded === false;
    this.running = {
      baton: (await isUp(baton)) ? baton : undefined,
      textbook: (await isUp(textbook)) ? textbook : undefined,
      sender: sender?.hasEnded === false ? sender : undefined,
    };
  }

  /** Ends everything, the database last. */
  async close(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) await stop();
  }
}
