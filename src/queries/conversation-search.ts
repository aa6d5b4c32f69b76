import type { EntityManager } from 'typeorm';
import { storable } from '../database/storable';
import type { Conditions } from './conditions';

const MAX_LENGTH = 100;
/** The index is of three signs each; a text without three letters or digits in a row would be looked for in every message. */
const SEARCHABLE = /[\p{L}\p{N}]{3}/u;

/**
 * More messages than this contain a text: then so many conversations do that a page of them is found soon along the order
 * of the list, and their ids would be too many to go by. Reading so many messages takes 0.7 s among ten million; what is less
 * common, and was said long ago, would take 7 s to find along the list (docs/adr/0022).
 */
const MANY = 20_000;

/** Why a text cannot be searched for, for the caller to read; null when it can, or is nothing but space and stands for no search. */
export function searchProblem(search: string): string | null {
  const words = storable(search.trim());
  if (words === '') return null;
  if ([...words].length > MAX_LENGTH) return `Search for at most ${MAX_LENGTH} characters.`;
  return SEARCHABLE.test(words) ? null : 'Search for at least three letters or digits in a row.';
}

/**
 * Adds the condition that a conversation contains `search` in a message, or in the visitor's name or address; none for
 * a text of nothing but space. The scope of the transaction says whose conversations, so there has to be one.
 */
export async function addSearch(manager: EntityManager, conditions: Conditions, search: string): Promise<void> {
  const words = storable(search.trim());
  if (words === '') return;
  const pattern = `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const [row] = await manager.query<{ ids: string[] | null }[]>('select search_conversations($1, $2) as ids', [
    pattern,
    MANY,
  ]);
  if (row?.ids != null) conditions.add((p) => `t.id = any (${p}::uuid[])`, row.ids);
  else conditions.add(contains, pattern);
}

/**
 * Looked at conversation by conversation. "offset 0" keeps PostgreSQL from going through all messages, or visitors, that there
 * are, to have those that match at hand: of ten million messages that took more than the 30 s that a statement has.
 */
function contains(pattern: string): string {
  return `(exists (select from visitors v where v.id = t.visitor_id and (v.display_name ilike ${pattern} or v.email ilike ${pattern}) offset 0)
    or exists (select from messages m where m.conversation_id = t.id and m.text ilike ${pattern} offset 0))`;
}
