import type { EntityManager } from 'typeorm';
import { storable } from '../database/storable';
import { CannedAnswer } from '../entities/canned-answer';
import { Conditions } from './conditions';
import type { KeyColumn } from './cursors';
import { type Page, type PageRequest, readPage } from './keyset';

const BY_TITLE: readonly KeyColumn[] = [
  { sql: 'lower(t.title)', type: 'text', descending: false },
  { sql: 't.id', type: 'uuid', descending: false },
];

/** Those of an organization that hold `search` in any of their texts, by title. There are few enough to sort. */
export async function listCannedAnswers(
  manager: EntityManager,
  organizationId: string,
  search: string,
  page: PageRequest,
): Promise<Page<CannedAnswer>> {
  const conditions = new Conditions();
  conditions.add((p) => `t.organization_id = ${p}`, organizationId);
  const words = storable(search.trim());
  if (words !== '') {
    const holds = (p: string): string =>
      ['title', 'shortcut', 'text'].map((column) => `strpos(lower(t.${column}), lower(${p}::text)) > 0`).join(' or ');
    conditions.add(holds, words);
  }
  const { sql: where, parameters } = conditions;
  return readPage(
    manager,
    { entity: CannedAnswer, from: 'canned_answers t', where, parameters, order: BY_TITLE },
    page,
  );
}
