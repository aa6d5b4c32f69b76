import type { ClientBase } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { read } from '../../src/database/scope';
import type { MeasuredList } from './lists';

/** How one list was read. */
export interface Explained {
  readonly name: string;
  /** Statements of the list, without those that begin and end its transaction. */
  readonly statements: number;
  /** Rows that PostgreSQL took from tables and indexes, those included that it threw away. */
  readonly rows: number;
  /** Pages of 8 KiB that it touched. */
  readonly buffers: number;
  /** Planning and execution, the best of three. */
  readonly ms: number;
  /** Tables of more than a thousand rows that were read from one end to the other. */
  readonly scans: readonly string[];
  /** Most rows that one sort had to put in order. */
  readonly sorted: number;
  readonly plans: readonly string[];
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Node[];
}

interface Plan {
  readonly Plan: Node;
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

const RUNS = 3;

/** Reads the list in its scope, and has PostgreSQL explain each statement in the very transaction that ran it. */
export async function explainList(source: DataSource, list: MeasuredList): Promise<Explained> {
  let best: Explained | null = null;
  for (let run = 0; run < RUNS; run += 1) {
    const plans = await read(source, list.scope, (manager) => explained(manager, list));
    const found = summary(list.name, plans);
    if (best === null || found.ms < best.ms) best = found;
  }
  if (best === null) throw new Error('A list that was never read cannot be explained.');
  return best;
}

async function explained(manager: EntityManager, list: MeasuredList): Promise<Plan[]> {
  const runner = manager.queryRunner;
  if (runner === undefined) throw new Error('A list is read in a transaction, which has a connection of its own.');
  const asked = await askedOf((await runner.connect()) as ClientBase, () => list.read(manager));
  const plans: Plan[] = [];
  for (const { text, values } of asked) {
    const [row] = await manager.query<{ 'QUERY PLAN': Plan[] }[]>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    );
    plans.push(...(row?.['QUERY PLAN'] ?? []));
  }
  if (plans.length === 0) throw new Error(`${list.name}: no statement was seen.`);
  return plans;
}

interface Asked {
  readonly text: string;
  readonly values?: unknown[];
}

/** What goes over the connection meanwhile, but for settings: what TypeORM builds and what is prepared both end there. */
async function askedOf(connection: ClientBase, work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const query = connection.query.bind(connection) as (...given: readonly unknown[]) => unknown;
  const recorder = (first: string | Asked, second: unknown, ...more: readonly unknown[]): unknown => {
    const { text, values } =
      typeof first === 'string' ? { text: first, values: Array.isArray(second) ? second : undefined } : first;
    if (!/^\s*set /.test(text)) asked.push({ text, ...(values === undefined ? {} : { values }) });
    return query(first, second, ...more);
  };
  Object.assign(connection, { query: recorder });
  try {
    await work();
  } finally {
    // What is left is the driver's own, which the class has: putting `query` back would bind it once more for each list.
    Reflect.deleteProperty(connection, 'query');
  }
  return asked;
}

function summary(name: string, plans: readonly Plan[]): Explained {
  const nodes = plans.flatMap(({ Plan: root }) => nodesOf(root));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const all = (node: Node): number => node['Actual Rows'] * node['Actual Loops'];
  const read = (node: Node): number =>
    all(node) +
    ((node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'];
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  return {
    name,
    statements: plans.length,
    rows: Math.round(sum(scans.map(read))),
    buffers: sum(plans.map(({ Plan: root }) => (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0))),
    ms: sum(plans.map((plan) => plan['Planning Time'] + plan['Execution Time'])),
    scans: [
      ...new Set(
        scans
          .filter((node) => node['Node Type'] === 'Seq Scan' && read(node) > 1000)
          .map((node) => node['Relation Name'] ?? ''),
      ),
    ],
    sorted: Math.max(
      0,
      ...nodes
        .filter((node) => node['Node Type'] === 'Sort')
        .map((node) => sum((node.Plans ?? []).map((child) => child['Actual Rows']))),
    ),
    plans: plans.map((plan) => JSON.stringify(plan, null, 1)),
  };
}

function nodesOf(node: Node): Node[] {
  // What never ran cost nothing.
  return node['Actual Loops'] === 0 ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
