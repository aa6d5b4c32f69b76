import type { DataSource } from 'typeorm';
import { SERVER, within } from '../database/scope';

/**
 * Puts the texts of new messages where the search's index has them, until when they wait in a list that every search reads.
 * Returns how many pages of 8 KiB the list had.
 */
export async function mergeSearchList(source: DataSource): Promise<number> {
  const [row] = await within(source, SERVER, (manager) =>
    manager.query<{ pages: string | null }[]>('select merge_search_list() as pages'),
  );
  return Number(row?.pages ?? 0);
}
