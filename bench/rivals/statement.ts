import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { median } from '../arithmetic';
import type { Machine } from '../stage/machine';

/** One statement of SQL, run for its own sake by the fastest thing there is. */
export interface Statement {
  /** `:n` is a number from 1 to `among`, by chance. */
  readonly sql: string;
  readonly among: number;
}

export interface StatementRun {
  readonly perSecond: number;
  /** ms. */
  readonly p50: number;
}

/** By pgbench where it is installed, in C; else by pg. Prepared, as the superuser, whom no row-level security slows down. */
export async function runStatement(
  machine: Machine,
  url: string,
  statement: Statement,
  load: { clients: number; seconds: number },
): Promise<StatementRun> {
  if (machine.pgbench === null) return runByPg(url, statement, load);
  const run = (seconds: number): Promise<StatementRun | null> =>
    runByPgbench(machine, machine.pgbench ?? '', url, statement, { ...load, seconds });
  // Its time counts from before it connects: on a busy machine nothing may be left of it.
  const found = (await run(load.seconds)) ?? (await run(load.seconds * 4));
  if (found === null) throw new Error('pgbench did not run the statement once.');
  return found;
}

async function runByPgbench(
  machine: Machine,
  pgbench: string,
  url: string,
  { sql, among }: Statement,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<StatementRun | null> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-sql-'));
  try {
    const file = join(folder, 'statement.sql');
    await writeFile(file, `\\set n random(1, ${among})\n${sql.replaceAll(/\s*\n\s*/g, ' ')};\n`);
    const run = [
      '-n',
      '-c',
      String(clients),
      '-j',
      '1',
      '-T',
      String(seconds),
      '-M',
      'prepared',
      '-l',
      '--log-prefix',
      join(folder, 'log'),
      '-f',
      file,
      url,
    ];
    const cpu = machine.pinning?.SERVER;
    const [program, parameters] =
      cpu === undefined ? [pgbench, run] : ['taskset', ['-c', String(cpu), pgbench, ...run]];
    const { stdout } = await promisify(execFile)(program, parameters);
    const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    if (!(perSecond > 0)) return null;
    return { perSecond, p50: median(await readLatencies(folder)) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In µs: the third column of pgbench's log. */
async function readLatencies(folder: string): Promise<number[]> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('log'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[2])),
  );
}

async function runByPg(
  url: string,
  { sql, among }: Statement,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<StatementRun> {
  const pool = new Pool({ connectionString: url, max: clients });
  try {
    const text = sql.replaceAll(':n::', '$1::');
    const latencies: number[] = [];
    const begun = performance.now();
    const run = async (): Promise<void> => {
      while (performance.now() - begun < seconds * 1000) {
        const asked = performance.now();
        const values = text.includes('$1') ? [1 + Math.floor(Math.random() * among)] : [];
        await pool.query({ name: 'statement', text, values });
        latencies.push(performance.now() - asked);
      }
    };
    await Promise.all(Array.from({ length: clients }, run));
    return { perSecond: (latencies.length * 1000) / (performance.now() - begun), p50: median(latencies) };
  } finally {
    await pool.end();
  }
}
