import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FinalState } from './history/final-state';
import { Deployment } from './machines/deployment';
import { Reaper } from './machines/reaper';
import { isRedisInstalled } from './machines/redis-server';
import { type Options, optionsOf, USAGE } from './options';
import { jsonOf, type Report, type Sizes, tableOf } from './report';
import { type RunResult, torture } from './run';
import { startSinks, stopSinks } from './sinks/sinks';

const PATH = process.env.PATH ?? '';
const environment = { PATH, HOME: process.env.HOME ?? '' };

/** Runs with the processes that it needs, and leaves none behind. */
async function withDeployment(options: Options, withRedis: boolean, interrupted: AbortSignal): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-torture-'));
  // As root, PostgreSQL runs as nobody and must get through.
  await chmod(folder, 0o755);
  const logFolder = options.keep ? await mkdtemp(join(tmpdir(), 'baton-torture-logs-')) : folder;
  const reaper = new Reaper(folder);
  const sinks = await startSinks();
  let isHurried = true;
  let deployment: Deployment | null = null;
  try {
    deployment = await Deployment.start({
      folder,
      logFolder,
      reaper,
      environment,
      withRedis,
      smtpUrl: sinks.mails.url,
    });
    const result = await torture({ ...options, deployment, sinks, interrupted, say: print });
    isHurried = interrupted.aborted;
    return result;
  } finally {
    await deployment?.stop(isHurried);
    await stopSinks(sinks);
    if (options.keep) print(`The logs of the processes are in ${logFolder}`);
    await rm(folder, { recursive: true, force: true });
    reaper.dismiss();
  }
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2), () => randomInt(2 ** 32));
  if (options === 'HELP') {
    print(USAGE);
    return;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  const withRedis = !options.noRedis && isRedisInstalled(PATH);
  print(`Seed ${options.seed}${withRedis ? '' : '; without Redis'}.`);
  const { recorder, final, breaches, clients, quietMs } = await withDeployment(options, withRedis, interruption.signal);
  if (interruption.signal.aborted) {
    print('Interrupted: nothing had settled, so nothing is judged.');
    process.exitCode = 130;
    return;
  }
  const report: Report = {
    seed: options.seed,
    faults: recorder.injected,
    operations: Object.fromEntries(recorder.operations),
    breaches,
  };
  print('');
  print(
    tableOf(report, {
      seconds: options.durationMs / 1000,
      quietSeconds: Math.round(quietMs / 1000),
      withRedis,
      clients,
      ...sizeOf(final),
    }),
  );
  if (options.keep) for (const [what, count] of recorder.troubles) print(`  ${count} × ${what}`);
  if (options.json) print(jsonOf(report));
  process.exitCode = breaches.length > 0 ? 1 : 0;
}

function sizeOf({ messages, events, notes, attachments, rungs }: FinalState): Sizes {
  const told = rungs.filter(({ rung, state }) => state === 'REACHED' && rung !== 'UNANSWERED');
  return {
    messages: messages.length,
    events: events.length,
    notes: notes.length,
    files: attachments.filter(({ state }) => state === 'ATTACHED').length,
    // The first rung of each is its request.
    climbs: told.length - new Set(told.map(({ handoffId }) => handoffId)).size,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Not left to Node: at an end of its own it waits for each write underway, and one of fetch whose peer is dead stays underway
// for ever, at full speed (Node 20.20, `CleanupHandles`; CI waited for it until its own time was up).
main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // Whatever still runs would keep us here; the reaper ends it once we are gone.
    process.exit(1);
  },
);
