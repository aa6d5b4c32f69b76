import { setTimeout as delay } from 'node:timers/promises';
import type { Recorder } from '../history/recorder';
import type { Deployment, Node } from '../machines/deployment';
import type { Link } from './link';
import type { PlannedFault } from './plan';

/** How many times as often a link to clients is hit as one behind the processes: those are more, and less is seen of them. */
const FRONT_WEIGHT = 3;
/** One that is not back by then is left alone, and found out at the end. */
const BACK_MS = 30_000;

interface NamedLink {
  readonly name: string;
  readonly link: Link;
  readonly hitsWorkers: boolean;
}

/** Carries out what was planned, each at its time, and records what was really done. */
export class Injector {
  private readonly links: readonly NamedLink[];
  private isDatabaseAway = false;
  private isRedisAway = false;

  /** When the signal is aborted, what lasts ends and nothing more begins. */
  constructor(
    private readonly deployment: Deployment,
    private readonly recorder: Recorder,
    private readonly signal: AbortSignal,
  ) {
    this.links = linksOf(deployment);
  }

  /** Resolves when the last one is over. */
  async run(plan: readonly PlannedFault[]): Promise<void> {
    const begun = performance.now();
    const running: Promise<void>[] = [];
    for (const fault of plan) {
      await this.last(Math.max(0, fault.atMs - (performance.now() - begun)));
      if (this.signal.aborted) break;
      running.push(this.inject(fault));
    }
    await Promise.all(running);
  }

  private async inject(fault: PlannedFault): Promise<void> {
    switch (fault.kind) {
      case 'kill-api':
      case 'kill-worker':
      case 'pause-api':
      case 'pause-worker':
      case 'roll-api':
      case 'roll-worker':
        return this.hitMachine(fault);
      case 'crash-postgres':
        return this.crashDatabase(fault);
      case 'flush-redis':
      case 'crash-redis':
        return this.hitRedis(fault);
      case 'cut':
      case 'black-hole':
      case 'delay':
      case 'half-close':
        return this.hitLink(fault);
    }
  }

  private async hitMachine(fault: PlannedFault): Promise<void> {
    const isWorker = fault.kind.endsWith('worker');
    const nodes = isWorker ? this.deployment.workers : this.deployment.apis;
    // Whoever is under another fault is passed over: two of them on one process would hide each other.
    const start = fault.index % nodes.length;
    const free = [...nodes.slice(start), ...nodes.slice(0, start)].filter(({ machine }) => !machine.isBusy);
    const [node] = free;
    // The last API stays: where a start takes long, clients would do nothing but wait. Workers may all be away.
    if (node === undefined || (!isWorker && free.length === 1)) return;
    const { machine } = node;
    machine.isBusy = true;
    await this.record(fault, machine.name, isWorker, () => this.hit(fault, node));
    // Back, or it would be hit again before it has done anything.
    if (await machine.readyWithin(BACK_MS)) machine.isBusy = false;
  }

  private async hit({ kind, forMs }: PlannedFault, { machine }: Node): Promise<void> {
    if (kind.startsWith('kill')) await machine.kill(forMs);
    else if (kind.startsWith('roll')) await machine.roll();
    else {
      machine.pause();
      await this.last(forMs);
      machine.resume();
    }
  }

  private async crashDatabase(fault: PlannedFault): Promise<void> {
    if (this.isDatabaseAway) return;
    this.isDatabaseAway = true;
    await this.record(fault, 'postgres', true, () => this.deployment.database.crash(fault.forMs));
    this.isDatabaseAway = false;
  }

  private async hitRedis(fault: PlannedFault): Promise<void> {
    const { redis } = this.deployment;
    if (redis === null || this.isRedisAway) return;
    this.isRedisAway = true;
    await this.record(fault, 'redis', false, () =>
      fault.kind === 'flush-redis' ? redis.flush() : redis.crash(fault.forMs),
    );
    this.isRedisAway = false;
  }

  private async hitLink(fault: PlannedFault): Promise<void> {
    const hit = this.links[fault.index % this.links.length];
    if (hit === undefined) return;
    const { name, link, hitsWorkers } = hit;
    await this.record(fault, name, hitsWorkers, async () => {
      if (fault.kind === 'cut') link.cut();
      else if (fault.kind === 'half-close') link.halfClose(fault.isOther ? 'FORTH' : 'BACK');
      else if (fault.kind === 'delay') {
        link.delay(10 + (fault.index % 240));
        await this.last(fault.forMs);
        link.delay(0);
      } else {
        link.blackHole();
        await this.last(fault.forMs);
        if (fault.isOther) link.cut();
        link.heal();
      }
    });
  }

  private async last(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  private async record(
    fault: PlannedFault,
    target: string,
    hitsWorkers: boolean,
    work: () => Promise<void>,
  ): Promise<void> {
    const from = Date.now();
    await work();
    this.recorder.faults.push({ kind: fault.kind, target, hitsWorkers, from, to: Date.now() });
  }
}

function linksOf({ apis, workers }: Deployment): NamedLink[] {
  const named = (node: Node, to: string, link: Link | null, hitsWorkers: boolean): NamedLink[] =>
    link === null ? [] : [{ name: `${node.machine.name} ${to}`, link, hitsWorkers }];
  const fronts = apis.flatMap((node) => named(node, 'from clients', node.front, false));
  const backs = [...apis, ...workers].flatMap((node) => [
    ...named(node, 'to postgres', node.database, workers.includes(node)),
    ...named(node, 'to redis', node.redis, false),
  ]);
  return [...Array.from({ length: FRONT_WEIGHT }, () => fronts).flat(), ...backs];
}
