import { Client, escapeLiteral } from 'pg';
import type { EntityManager } from 'typeorm';
import { type Scope, within } from '../../src/database/scope';
import type { StageDatabase } from '../commands/conversation/stage';

/** A statement with parameters, as the driver was given it. */
export interface Asked {
  /** Under which it was prepared. */
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
  /** How its transaction has told PostgreSQL to plan, as SQL with a semicolon before each. */
  readonly settings: string;
}

/** The statements with parameters that `work` sends, over one connection. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  let settings = '';
  const query = Client.prototype.query as unknown as (this: Client, ...parameters: unknown[]) => unknown;
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...parameters: unknown[]
  ) {
    const [question] = parameters;
    if (typeof question === 'string') settings = settingsAfter(settings, question);
    else asked.push({ ...(question as Asked), settings });
    return query.apply(this, parameters) as never;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return asked;
}

/** Of `explain`. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const SETTING = /set local (?:enable_seqscan|plan_cache_mode) = \w+/g;

function settingsAfter(settings: string, question: string): string {
  const own = (question.match(SETTING) ?? []).map((setting) => `; ${setting}`).join('');
  return question.startsWith('begin') ? own : settings + own;
}

/** EXECUTE takes no parameters of its own. */
function literal(value: unknown): string {
  if (typeof value === 'string') return escapeLiteral(value);
  if (typeof value === 'number') return String(value);
  const items = (value as (string | Buffer | null)[]).map((item) => {
    if (item === null) return 'null';
    return JSON.stringify(typeof item === 'string' ? item : `\\x${item.toString('hex')}`);
  });
  return escapeLiteral(`{${items.join(',')}}`);
}

/** What a statement does by the plan that its connection has kept, in a transaction that does not stay. */
export async function planOf(
  { source }: StageDatabase,
  scope: Scope,
  { name, text, values, settings }: Asked,
): Promise<Plan> {
  const undone = new Error('undone');
  let plan: Plan | undefined;
  const work = async (manager: EntityManager): Promise<void> => {
    const [row] = await manager.query<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(
      `explain (analyze, buffers, format json) ${name === undefined ? text : `execute "${name}" (${values.map(literal).join(', ')})`}`,
      name === undefined ? values : [],
    );
    plan = row?.['QUERY PLAN'][0]?.Plan;
    throw undone;
  };
  const explained = within(source, scope, work, () => settings);
  await expect(explained).rejects.toBe(undone);
  return plan!;
}

export async function pagesOf(database: StageDatabase, scope: Scope, asked: Asked): Promise<number> {
  const plan = await planOf(database, scope, asked);
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}

/** How a plan looks for rows of a table. */
export function scansOf(table: string, { Plans = [], ...plan }: Plan): string[] {
  const own = plan['Relation Name'] === table && plan['Node Type'].endsWith('Scan') ? [plan['Node Type']] : [];
  return [...own, ...Plans.flatMap((part) => scansOf(table, part))];
}

/** Rows that the busiest part of a plan has looked at. */
export function mostRowsIn({ Plans = [], ...plan }: Plan): number {
  const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  return Math.max(own, ...Plans.map(mostRowsIn));
}
