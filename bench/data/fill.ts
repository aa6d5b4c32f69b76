import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { BESIDE } from './fill-beside';
import { HISTORY, PEOPLE, SEEDS, TALK } from './fill-statements';

export interface DataSize {
  readonly conversations: number;
  /** Spread evenly, but for one conversation that has `LONG_TRANSCRIPT` of its own. */
  readonly messages: number;
  readonly organizations: number;
}

/** Whose lists are read. */
export interface FilledWorkspace {
  readonly workspaceId: string;
  /** Has half of all conversations. */
  readonly organizationId: string;
  /** Sees every conversation of the workspace. */
  readonly ownerId: string;
  /** A member of the organization, who has read its newest conversations. */
  readonly operatorId: string;
  /** Has one conversation in a thousand; a member limited to it sees little of a large organization. */
  readonly rareAgentId: string;
  readonly longConversationId: string;
}

/** Messages of the one long conversation. */
const LONG_TRANSCRIPT = 5000;

/**
 * Fills a migrated database with one workspace of the size asked for, and a neighbour of a tenth of it. Rows come from
 * SQL, set by set, without triggers and past row-level security: the client has to be a superuser's.
 */
export async function fillDatabase(superuser: Client, size: DataSize): Promise<FilledWorkspace> {
  await superuser.query('set session_replication_role = replica; set synchronous_commit = off');
  const indexes = await dropIndexes(superuser);
  await fillWorkspace(superuser, tenth(size));
  const filled = await fillWorkspace(superuser, size);
  await superuser.query(`set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 2`);
  for (const index of indexes) await superuser.query(index);
  await superuser.query('vacuum (analyze)');
  return filled;
}

function tenth({ conversations, messages, organizations }: DataSize): DataSize {
  const least = (count: number): number => Math.max(1, Math.floor(count / 10));
  return { conversations: least(conversations), messages: least(messages), organizations };
}

async function fillWorkspace(superuser: Client, size: DataSize): Promise<FilledWorkspace> {
  const [workspaceId, ownerId, operatorId, rareAgentId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const settings = {
    workspace: workspaceId,
    owner: ownerId,
    operator: operatorId,
    rare_agent: rareAgentId,
    conversations: size.conversations,
    organizations: size.organizations,
    each: Math.max(1, Math.round(size.messages / size.conversations)),
    long: LONG_TRANSCRIPT,
  };
  // Statements of several parts take no parameters: what they need is in settings of this session.
  for (const [name, value] of Object.entries(settings)) {
    await superuser.query('select set_config($1, $2, false)', [`fill.${name}`, String(value)]);
  }
  for (const statement of [PEOPLE, SEEDS, TALK, HISTORY, ...BESIDE]) await superuser.query(statement);
  const { rows } = await superuser.query<{ organization: string; conversation: string }>(
    `select (select id from fill_organizations where n = 1) as organization,
       (select id from fill_seeds where is_long) as conversation`,
  );
  const [{ organization, conversation } = { organization: '', conversation: '' }] = rows;
  return {
    workspaceId,
    ownerId,
    operatorId,
    rareAgentId,
    organizationId: organization,
    longConversationId: conversation,
  };
}

/** To be made again when the rows are there: ten million entries one by one take much longer than one sort. */
async function dropIndexes(superuser: Client): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any (array['conversations', 'messages', 'events', 'visitors']::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await superuser.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
