import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { encodePublicId } from '../../domain/public-id';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { audit } from '../audit/audit';
import { EXPORTED_TABLES, type ExportedTable, REFERENCES } from './exported-tables';
import { lockHeldVisitor } from './held-visitor';

/** One stored row, told with public ids and without what only the server uses. */
export type ExportedRecord = Readonly<Record<string, unknown>> & { readonly kind: string };

export interface ExportedPage {
  readonly records: readonly ExportedRecord[];
  /** Where to go on; null when this was the last page. */
  readonly endCursor: string | null;
}

interface Place {
  readonly table: number;
  readonly key: string;
}

/** The longest message has 10,000 characters: a page stays far below what a process notices. */
const PAGE = 200;
const BEGINNING: Place = { table: 0, key: '00000000-0000-0000-0000-000000000000' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Everything that is stored about a visitor, page by page: the same people may read it who may erase it. The visitor
 * itself gets what it could see anyway, without operators' notes, the AI's turns and alerts.
 */
export async function exportVisitor(
  database: Database,
  principal: Principal,
  input: { readonly visitorId: string | null; readonly after: string | null },
): Promise<Outcome<ExportedPage>> {
  const start = input.after === null ? BEGINNING : decodePlace(input.after);
  if (start === null) {
    return refused(refusal('INVALID', 'This cursor is not one of an export. Start again without it.', 'after'));
  }
  // Of the whole workspace, for members too: one conversation that they do not see decides that they may not.
  const scope = { workspaceId: principal.workspaceId };
  return transact(database, scope, async (transaction) => {
    const held = await lockHeldVisitor(transaction, principal, input.visitorId);
    if (held.value === null) return refused(held.refusals);
    const { visitor, organizationId } = held.value;
    // Once an export, however many pages it has.
    if (input.after === null) await audit(transaction, principal, 'VISITOR_EXPORTED', { ...visitor, organizationId });
    return done(await readPage(transaction.manager, visitor.id, start, principal.kind === 'VISITOR'));
  });
}

async function readPage(
  manager: EntityManager,
  visitorId: string,
  start: Place,
  forVisitor: boolean,
): Promise<ExportedPage> {
  const records: ExportedRecord[] = [];
  for (const [index, table] of EXPORTED_TABLES.entries()) {
    if (index < start.table || (forVisitor && table.internal === true)) continue;
    const after = index === start.table ? start.key : BEGINNING.key;
    const room = PAGE - records.length;
    const rows = await readRows(manager, table, { visitorId, after, limit: room + 1 });
    const taken = rows.slice(0, room);
    records.push(...taken.map(({ row }) => toRecord(table, row, forVisitor)));
    if (rows.length > room) {
      return { records, endCursor: encodePlace({ table: index, key: taken.at(-1)?.key ?? after }) };
    }
  }
  return { records, endCursor: null };
}

async function readRows(
  manager: EntityManager,
  { table, key, where }: ExportedTable,
  { visitorId, after, limit }: { visitorId: string; after: string; limit: number },
): Promise<{ key: string; row: Record<string, unknown> }[]> {
  return manager.query(
    `select t.${key} as key, to_jsonb(t) as row from ${table} t where ${where} and t.${key} > $2 order by t.${key} limit $3`,
    [visitorId, after, limit],
  );
}

function toRecord(table: ExportedTable, row: Readonly<Record<string, unknown>>, forVisitor: boolean): ExportedRecord {
  const hidden = forVisitor && Array.isArray(table.internal) ? (table.internal as readonly string[]) : [];
  const told = Object.entries(row).flatMap(([column, value]): [string, unknown][] => {
    if (hidden.includes(column) || column.endsWith('_hash')) return [];
    const type = column === 'id' ? table.idType : REFERENCES[column];
    if (type == null) return column === 'id' || column.endsWith('_id') ? [] : [[camelCase(column), value]];
    return [[camelCase(column), typeof value === 'string' ? encodePublicId(type, value) : null]];
  });
  // What a row itself calls its kind (TEXT, INQUIRY_SUBMITTED …) would hide what kind of row it is.
  const { kind: ownKind, ...fields } = Object.fromEntries(told);
  return { kind: table.kind, ...fields, ...(ownKind === undefined ? {} : { [`${table.kind}Kind`]: ownKind }) };
}

function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function encodePlace({ table, key }: Place): string {
  return Buffer.from(`${EXPORTED_TABLES[table]?.kind ?? ''}:${key}`).toString('base64url');
}

function decodePlace(cursor: string): Place | null {
  const [kind, key, ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  const table = EXPORTED_TABLES.findIndex((each) => each.kind === kind);
  return table < 0 || key === undefined || rest.length > 0 || !UUID.test(key) ? null : { table, key };
}
