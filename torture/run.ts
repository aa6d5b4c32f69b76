import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { encodePublicId } from '../src/domain/public-id';
import { openDashboard } from './actors/operator';
import { runAgent } from './actors/runtime';
import { chanceOf, nobodyOn, type Stage } from './actors/stage';
import { visit } from './actors/visitor';
import { readFiles } from './actors/files';
import { Loot } from './actors/loot';
import { intrude } from './actors/stranger';
import { watchNeighbour, watchWorkspace } from './actors/watcher';
import { buildWorld, type World, type WorldAgent } from './actors/world';
import type { Followed } from './actors/follow';
import { Injector } from './faults/inject';
import { planFaults } from './faults/plan';
import { checkHistory } from './history/check';
import type { FinalState } from './history/final-state';
import type { Breach } from './history/history';
import { letDeliveriesBeDue, readFinalState } from './history/read-final';
import { Recorder } from './history/recorder';
import type { Deployment } from './machines/deployment';
import type { Sinks } from './sinks/sinks';
import { watchForStandstills } from './standstill';

const VISITORS = 18;
const RUNTIMES_OF_AN_AGENT = 2;
/** Long enough for what comes too often to come. */
const SHORTEST_QUIET_MS = 6_000;
/** Nothing that a worker still has in hand takes so long: what is pending then was lost with its worker. */
const LEASES_END_MS = 12_000;
/** A queue gives away the jobs of a dead worker after 30 to 45 s; then come the deliveries that they lead to. */
const LONGEST_QUIET_MS = 90_000;
/** Between two looks. What is longer than that was a standstill, in which nobody could keep a promise. */
const LONGEST_LOOK_MS = 10_000;

export interface RunOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly deployment: Deployment;
  readonly sinks: Sinks;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

export interface RunResult {
  readonly recorder: Recorder;
  readonly final: FinalState;
  readonly breaches: readonly Breach[];
  readonly clients: number;
  readonly quietMs: number;
}

/** One run: actors act while faults are injected, then everything settles, then the history is checked. */
export async function torture(options: RunOptions): Promise<RunResult> {
  const { seed, durationMs, deployment, sinks, interrupted, say } = options;
  const recorder = new Recorder();
  const overtime = new AbortController();
  const acting = AbortSignal.any([overtime.signal, interrupted]);
  const end = new AbortController();
  const over = end.signal;
  // Every pause and every request listens; from the eleventh on Node would warn of a leak that is none.
  setMaxListeners(0, acting, over, interrupted);
  const stage: Stage = { seed, urls: deployment.urls, recorder, loot: new Loot(), acting, over };
  const world = await buildWorld(deployment, nobodyOn(stage, chanceOf(stage, 'the builder')), sinks.pushes);
  const followed: Followed[] = [];
  const standstills = watchForStandstills((seconds) =>
    say(`Everything stood still for ${seconds} s. If a promise is broken below, run this seed again.`),
  );
  try {
    const play = await enter(stage, world, (one) => followed.push(one));
    say(`The world is built; ${durationMs / 1000} s of faults begin.`);
    const plan = planFaults(chanceOf(stage, 'the faults'), { durationMs, hasRedis: deployment.redis !== null });
    const faults = new Injector(deployment, recorder, acting).run(plan);
    const playing = Promise.all(play());
    await delay(durationMs, undefined, { signal: interrupted }).catch(() => undefined);
    overtime.abort();
    await faults;
    deployment.heal();
    await Promise.all([playing, deployment.allReady()]);
    say('Faults are over; everything settles.');
    await readAllFiles(stage, world);
    const settled = await settle(options, world, recorder);
    return { ...settled, recorder, clients: followed.length };
  } finally {
    standstills.stop();
    end.abort();
    await Promise.all(followed.map((one) => one.stop()));
  }
}

/** Opens the dashboards and runtimes; what it returns lets visitors and operators begin. */
async function enter(stage: Stage, world: World, keep: (one: Followed) => void): Promise<() => Promise<void>[]> {
  await Promise.all([watchWorkspace(stage, world, keep), watchNeighbour(stage, world, keep)]);
  const desks = await Promise.all(world.operators.map((operator) => openDashboard(stage, world, operator, keep)));
  for (const agent of world.agents.filter(hasRuntime)) {
    for (let index = 1; index <= RUNTIMES_OF_AN_AGENT; index += 1) {
      keep(runAgent(stage, `runtime ${index} of ${agent.publicId}`, agent, keep));
    }
  }
  const visitors = Array.from({ length: VISITORS }, (_, index) => `visitor-${index + 1}`);
  return () => [
    ...desks.map((desk) => desk.work()),
    intrude(stage, world.neighbour),
    ...visitors.map((name, index) => {
      const agent = world.agents[index % world.agents.length];
      return agent === undefined ? Promise.resolve() : visit(stage, name, agent, keep);
    }),
  ];
}

function hasRuntime(agent: WorldAgent): agent is WorldAgent & { apiKey: string } {
  return agent.apiKey !== null;
}

/** Every message that was acknowledged with files, as the owner of the workspace gets it. One after the other: there are few. */
async function readAllFiles(stage: Stage, { ownerToken }: World): Promise<void> {
  const reader = nobodyOn(stage, chanceOf(stage, 'the reader')).as(ownerToken);
  const ids = stage.recorder.sends.flatMap(({ outcome, files }) =>
    outcome.kind === 'ACKED' && files.length > 0 ? [encodePublicId('message', outcome.messageId)] : [],
  );
  for (const id of new Set(ids)) await readFiles(stage, reader, id);
}

/** Waits until the checker finds nothing; what it still finds at the end of its patience are the breaches. */
async function settle(
  { deployment, sinks, interrupted }: RunOptions,
  world: World,
  recorder: Recorder,
): Promise<Pick<RunResult, 'final' | 'breaches' | 'quietMs'>> {
  const { superuserUrl } = deployment.database;
  let leasesEnded = false;
  let quietMs = 0;
  let looked = performance.now();
  for (;;) {
    await delay(1_000);
    const final = await readFinalState(superuserUrl);
    const breaches = [
      ...checkHistory({
        agents: world.agents,
        operators: [...world.operators, world.owner],
        ...recorder.history,
        mails: sinks.mails.arrivals,
        pushes: sinks.pushes.arrivals,
        final,
      }),
      ...deployment.deaths,
    ];
    const now = performance.now();
    quietMs += Math.min(now - looked, LONGEST_LOOK_MS);
    looked = now;
    const isSettled = quietMs >= SHORTEST_QUIET_MS && breaches.length === 0;
    if (isSettled || quietMs >= LONGEST_QUIET_MS || interrupted.aborted) return { final, breaches, quietMs };
    if (quietMs >= LEASES_END_MS && !leasesEnded) {
      leasesEnded = true;
      await letDeliveriesBeDue(superuserUrl);
    }
  }
}
