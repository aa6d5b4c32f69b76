import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Options, chosenRows, readOptions, USAGE } from './options';
import { QUICK, WHOLE } from './plan';
import { type Outcome, PROMISES, type Promised, verdictOf } from './promises';
import { chartsOf } from './report/charts';
import { jsonLine } from './report/json-line';
import { renderResults } from './report/results';
import { rowLine } from './report/row-line';
import { FAMILIES } from './rows/families';
import type { Family } from './rows/family';
import { stopProcesses } from './stage/bench-process';
import { inspectMachine, machineFacts } from './stage/machine';
import { Stage } from './stage/stage';

/** What scripts/ passes in: where the repository is, and the environment for child processes. */
export interface Surroundings {
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs the benchmark; returns the exit code: 1 when a floor is broken or a row could not be measured, 2 for wrong options. */
export async function runBench(parameters: readonly string[], { root, environment }: Surroundings): Promise<number> {
  const options = readOptions(parameters);
  const chosen = options === null ? [] : chosenRows(FAMILIES, options.row);
  if (options === null || chosen.length === 0) {
    console.error(`${USAGE}\nRows: ${PROMISES.map(({ row }) => row).join(', ')}`);
    return 2;
  }
  const plan = options.quick ? QUICK : WHOLE;
  const machine = inspectMachine(environment);
  const stage = await Stage.open(machine, plan, (line) => console.error(line));
  const stopOnSignal = (): void => void stage.close().finally(() => process.exit(130));
  process.once('SIGINT', stopOnSignal).once('SIGTERM', stopOnSignal);
  try {
    const facts = machineFacts(machine, stage.postgres.version);
    for (const [what, which] of facts) console.error(`${what}: ${which}`);
    const outcomes = await measureAll(stage, chosen, options);
    // The README quotes the whole run; a quick one or a single row leaves what is there.
    if (options.row === null && !options.quick) await writeReport(join(root, 'bench'), outcomes, facts);
    return outcomes.every((outcome) => verdictOf(outcome)?.breaksFloor === false) ? 0 : 1;
  } finally {
    process.off('SIGINT', stopOnSignal).off('SIGTERM', stopOnSignal);
    await stage.close();
  }
}

async function measureAll(
  stage: Stage,
  chosen: readonly { family: Family; rows: readonly string[] }[],
  options: Options,
): Promise<Outcome[]> {
  const begun = performance.now();
  const outcomes: Outcome[] = [];
  for (const { family, rows } of chosen) {
    const familyBegun = performance.now();
    for (const outcome of await measureFamily(stage, family, rows, performance.now() - begun)) {
      outcomes.push(outcome);
      console.error(rowLine(outcome));
      if (options.json) process.stdout.write(`${jsonLine(outcome)}\n`);
    }
    stage.tell(`  ${family.name} took ${((performance.now() - familyBegun) / 1000).toFixed(0)} s`);
    await stage.forgetEnded();
  }
  return outcomes;
}

async function measureFamily(
  stage: Stage,
  family: Family,
  rows: readonly string[],
  elapsedMs: number,
): Promise<Outcome[]> {
  const promises = rows.map(promiseOf);
  const limitMs = Math.min(stage.plan.familyLimitMs, stage.plan.limitMs - elapsedMs);
  if (limitMs <= 0) {
    return promises.map((promised) => ({ promised, failure: 'the time was used up before it began' }));
  }
  // Without its processes it cannot go on, and tidies up.
  const cut = new AbortController();
  let stopping = Promise.resolve();
  const late = setTimeout(() => {
    cut.abort();
    stopping = stopProcesses();
  }, limitMs);
  try {
    const measured = await family.measure(stage);
    return promises.map((promised) => {
      const found = measured[promised.row];
      return found === undefined ? { promised, failure: 'it was not measured' } : checked(promised, found);
    });
  } catch (error) {
    const failure = cut.signal.aborted ? `it was cut off after ${Math.round(limitMs / 1000)} s` : reasonOf(error);
    return promises.map((promised) => ({ promised, failure }));
  } finally {
    clearTimeout(late);
    await stopping;
  }
}

/** A figure that is no positive number is no figure. */
function checked(promised: Promised, measured: Extract<Outcome, { measured: unknown }>['measured']): Outcome {
  const outcome = { promised, measured };
  try {
    verdictOf(outcome);
    return outcome;
  } catch (error) {
    return { promised, failure: reasonOf(error) };
  }
}

function promiseOf(row: string): Promised {
  const promised = PROMISES.find((one) => one.row === row);
  if (promised === undefined) throw new Error(`Nothing was promised of ${row}.`);
  return promised;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

async function writeReport(
  folder: string,
  outcomes: readonly Outcome[],
  facts: readonly (readonly [string, string])[],
): Promise<void> {
  await mkdir(join(folder, 'charts'), { recursive: true });
  const charts = chartsOf(outcomes);
  for (const { file, svg } of charts) await writeFile(join(folder, 'charts', file), svg);
  await writeFile(join(folder, 'RESULTS.md'), renderResults({ outcomes, facts, charts, date: new Date() }));
}
