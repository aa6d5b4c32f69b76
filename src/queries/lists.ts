import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Read } from '../database/scope';
import type { Principal } from '../domain/actor';
import type { HandoffState } from '../domain/conversation/states';
import { Agent } from '../entities/agent';
import { ApiKey } from '../entities/api-key';
import { Handoff } from '../entities/handoff';
import { Message } from '../entities/message';
import { Note } from '../entities/note';
import { Notification } from '../entities/notification';
import { Organization } from '../entities/organization';
import { User } from '../entities/user';
import { Conditions } from './conditions';
import type { KeyColumn } from './cursors';
import { type Page, type PageRequest, readPage } from './keyset';
import { type RowReading, WHOLE_ROWS } from './read-columns';

/** Ids are UUIDv7, so these two are "oldest first" and "newest first". */
const OLDEST_FIRST: readonly KeyColumn[] = [{ sql: 't.id', type: 'uuid', descending: false }];
const NEWEST_FIRST: readonly KeyColumn[] = [{ sql: 't.id', type: 'uuid', descending: true }];
const COUNT_LIMIT = 1000;

/** Whose rows: the caller has authorized it. */
export type ListOwner =
  { readonly organizationId: string } | { readonly workspaceId: string } | { readonly conversationId: string };

export async function listOrganizations(
  manager: EntityManager,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Organization>> {
  return list(manager, Organization, owned({ workspaceId }), OLDEST_FIRST, page);
}

export async function listAgents(
  manager: EntityManager,
  principal: Principal,
  owner: ListOwner,
  page: PageRequest,
): Promise<Page<Agent>> {
  return list(manager, Agent, limitToAgents(owned(owner), principal, 't.id'), OLDEST_FIRST, page);
}

export async function listApiKeys(
  manager: EntityManager,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  return list(manager, ApiKey, owned({ workspaceId }), OLDEST_FIRST, page);
}

export async function listMembers(
  manager: EntityManager,
  organizationId: string,
  page: PageRequest,
): Promise<Page<User>> {
  return list(manager, User, owned({ organizationId }), OLDEST_FIRST, page);
}

export async function listStaff(manager: EntityManager, workspaceId: string, page: PageRequest): Promise<Page<User>> {
  const conditions = owned({ workspaceId });
  conditions.addPlain('t.workspace_role is not null');
  return list(manager, User, conditions, OLDEST_FIRST, page);
}

export async function listMessages(
  manager: EntityManager,
  conversationId: string,
  page: PageRequest,
  reading: RowReading = WHOLE_ROWS,
): Promise<Page<Message>> {
  const order: KeyColumn[] = [{ sql: 't.sequence', type: 'integer', descending: false }];
  const { sql: where, parameters } = owned({ conversationId });
  return readPage(manager, { entity: Message, from: 'messages t', where, parameters, order }, page, reading);
}

export async function listNotes(
  manager: EntityManager,
  conversationId: string,
  page: PageRequest,
): Promise<Page<Note>> {
  return list(manager, Note, owned({ conversationId }), OLDEST_FIRST, page);
}

/** Newest first, with the count of all that match, up to 1000. */
export function listHandoffs(
  read: Read,
  principal: Principal,
  owner: ListOwner,
  states: readonly HandoffState[] | null,
): CountedList<Handoff> {
  return counted(read, Handoff, inStates(limitToAgents(owned(owner), principal, 't.agent_id'), states));
}

export async function listNotifications(
  manager: EntityManager,
  userId: string,
  page: PageRequest,
): Promise<Page<Notification>> {
  const conditions = new Conditions();
  conditions.add((p) => `t.user_id = ${p}`, userId);
  return list(manager, Notification, conditions, NEWEST_FIRST, page);
}

/** Up to 1000. */
export async function countUnseenNotifications(manager: EntityManager, userId: string): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `select count(*)::int as n from (
       select from notifications where user_id = $1 and seen_at is null limit ${COUNT_LIMIT}) counted`,
    [userId],
  );
  return row?.n ?? 0;
}

/** A list whose page and whose count are separate statements: a client that asks for one does not pay for both. */
export interface CountedList<Row> {
  readonly page: (request: PageRequest) => Promise<Page<Row>>;
  readonly count: () => Promise<number>;
}

async function list<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  conditions: Conditions,
  order: readonly KeyColumn[],
  page: PageRequest,
  lanes?: string,
): Promise<Page<Row>> {
  const from = `${manager.dataSource.getMetadata(entity).tableName} t`;
  const { sql: where, parameters } = conditions;
  return readPage(manager, { entity, from, where, parameters, order, lanes }, page);
}

/** One page by id, which for UUIDv7 is by time; `lanes` as in `KeysetQuery`. */
export async function listNewestFirst<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  conditions: Conditions,
  page: PageRequest,
  lanes?: string,
): Promise<Page<Row>> {
  return list(manager, entity, conditions, NEWEST_FIRST, page, lanes);
}

function counted<Row extends ObjectLiteral>(
  read: Read,
  entity: EntityTarget<Row>,
  conditions: Conditions,
): CountedList<Row> {
  return {
    page: (request) => read((manager) => list(manager, entity, conditions, NEWEST_FIRST, request)),
    count: () =>
      read(async (manager) => {
        const table = manager.dataSource.getMetadata(entity).tableName;
        const [row] = await manager.query<{ n: number }[]>(
          `select count(*)::int as n from (select from ${table} t where ${conditions.sql} limit ${COUNT_LIMIT}) counted`,
          conditions.parameters,
        );
        return row?.n ?? 0;
      }),
  };
}

export function owned(owner: ListOwner): Conditions {
  const conditions = new Conditions();
  if ('organizationId' in owner) conditions.add((p) => `t.organization_id = ${p}`, owner.organizationId);
  if ('workspaceId' in owner) conditions.add((p) => `t.workspace_id = ${p}`, owner.workspaceId);
  if ('conversationId' in owner) conditions.add((p) => `t.conversation_id = ${p}`, owner.conversationId);
  return conditions;
}

/** A member who is limited to some agents sees what belongs to those alone. */
function limitToAgents(conditions: Conditions, principal: Principal, column: string): Conditions {
  const agentIds = principal.kind === 'USER' ? principal.agentIds : null;
  if (agentIds !== null) conditions.add((p) => `${column} = any (${p}::uuid[])`, agentIds);
  return conditions;
}

function inStates(conditions: Conditions, states: readonly string[] | null): Conditions {
  if (states !== null) conditions.add((p) => `t.state = any (${p}::text[])`, states);
  return conditions;
}
