import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the benchmark runs on. */
export interface Machine {
  /** For child processes. Read once, in scripts/. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Null where there is no `taskset` or only one core: then the system places the processes. */
  readonly pinning: Readonly<Record<'SERVER' | 'LOAD', number>> | null;
  readonly pgbench: string | null;
  readonly redisServer: string | null;
}

export function inspectMachine(environment: Machine['environment']): Machine {
  const find = (program: string): string | null =>
    (environment.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, program))
      .find((path) => existsSync(path)) ?? null;
  const canPin = find('taskset') !== null && availableParallelism() >= 2;
  return {
    environment,
    pinning: canPin ? { SERVER: 0, LOAD: 1 } : null,
    pgbench: find('pgbench'),
    redisServer: find('redis-server'),
  };
}

/** For the head of the report: [what, which]. */
export function machineFacts(machine: Machine, postgresVersion: string): [string, string][] {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return [
    ['processor', `${model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['kernel', `${process.platform} ${release()}`],
    ['Node', process.version],
    ['PostgreSQL', postgresVersion],
    ['pgbench', machine.pgbench === null ? 'none: the same statement through pg' : versionOf(machine.pgbench)],
    ['Redis', machine.redisServer === null ? 'none: everything runs without it' : versionOf(machine.redisServer)],
    ['pinning', machine.pinning === null ? 'none' : 'the measured server on core 0, load and readers on core 1'],
  ];
}

function versionOf(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
}
