import DataLoader from 'dataloader';
import { Any, type EntityTarget, In } from 'typeorm';
import { preparedIn } from '../database/prepared';
import { Agent } from '../entities/agent';
import { Conversation } from '../entities/conversation';
import { Handoff } from '../entities/handoff';
import { Invitation } from '../entities/invitation';
import { Message } from '../entities/message';
import { NotificationSettings } from '../entities/notification-settings';
import { Organization } from '../entities/organization';
import { User } from '../entities/user';
import { Visitor } from '../entities/visitor';
import { Workspace } from '../entities/workspace';
import { businessHoursLoader } from './business-hours';
import { DeliveryLoaders } from './delivery-loaders';
import { openHandoffsLoader } from './handoff-counts';
import { mailSettingsLoader } from './mail-settings';
import { operatorsLoader } from './operators-loader';
import { presenceLoader } from './presence-loader';
import { byOwnKey, RowLoader } from './row-loader';
import { readEntities, readRows, toEntity } from './rows';
import { sessionsLoader } from './sessions-loader';

/** A batch function keyed by id. */
export type ById<Row> = RowLoader<string, Row | null>;

const MESSAGES_AT = {
  name: 'messages at',
  from: `from unnest($1::uuid[], $2::int[]) k(conversation_id, sequence)
    join messages t on t.conversation_id = k.conversation_id and t.sequence = k.sequence`,
};
const VISITORS_IN = {
  name: 'visitors in',
  also: ', c.id as conversation_id',
  from: `from conversations c join visitors t on t.id = c.visitor_id
    where c.id = any ($1::uuid[]) and c.workspace_id = $2`,
};

const READ_BY = {
  name: 'read by',
  text: `select conversation_id, sequence from conversation_reads where reader_id = $1 and conversation_id = any ($2::uuid[])`,
};
const READ_MARKS = {
  name: 'read marks',
  text: `
select k.n::int, r.sequence from unnest($1::uuid[], $2::uuid[]) with ordinality k(conversation_id, reader_id, n)
-- One by one, by the key: "offset 0" keeps it from becoming a join that reads every mark there is.
cross join lateral (select sequence from conversation_reads where conversation_id = k.conversation_id
  and reader_id = k.reader_id offset 0) r`,
};

/**
 * The reads of one operation, batched: a field costs one statement for a whole page, never one a row.
 *
 * On a socket the context lives as long as the subscription, so `cache` has to be off there: an event would otherwise be
 * presented with what was true when the dashboard was opened.
 */
export class Loaders extends DeliveryLoaders {
  readonly agents = this.byId(Agent);
  readonly conversations = this.byId(Conversation);
  readonly handoffs = this.byId(Handoff);
  readonly messages = this.byId(Message);
  readonly organizations = this.byId(Organization);
  readonly users = this.byId(User);
  readonly visitors = this.byId(Visitor);
  /** The visitor of a conversation of which nothing but the id is known. */
  readonly visitorsIn: ById<Visitor> = new RowLoader(
    (conversationIds: readonly string[]) =>
      this.read(async (manager) => {
        const rows = await readRows(manager, Visitor, VISITORS_IN, [conversationIds, this.workspaceId]);
        const found = new Map(rows.map(({ row, columns }) => [columns.conversation_id, row]));
        return conversationIds.map((id) => found.get(id) ?? null);
      }),
    byOwnKey(this.cache),
  );
  readonly operators = operatorsLoader(this.readOf, this.cache);
  readonly openHandoffs = openHandoffsLoader((work) => this.read(work), this.workspaceId, this.cache);
  readonly businessHours = businessHoursLoader(this.readOf, this.cache);
  readonly presences = presenceLoader((work) => this.read(work), this.cache);
  readonly sessionsOf = sessionsLoader((work) => this.read(work), this.workspaceId, this.cache);

  readonly workspaces = new DataLoader<string, Workspace | null>(
    (ids) =>
      this.read(async (manager) => {
        const rows = await manager.find(Workspace, { where: { id: In([...ids]) } });
        return inOrder(ids, rows, (row) => row.id);
      }),
    { cache: this.cache },
  );

  readonly mailSettings = mailSettingsLoader((work) => this.read(work), this.cache);

  readonly notificationSettings = new DataLoader<string, NotificationSettings | null>(
    (userIds) =>
      this.read(async (manager) => {
        const rows = await manager.find(NotificationSettings, { where: { userId: Any([...userIds]) } });
        return inOrder(userIds, rows, (row) => row.userId);
      }),
    { cache: this.cache },
  );

  /** Message by conversation and sequence: the newest one of a conversation whose `lastSequence` is known. */
  readonly messageAt = new RowLoader<{ conversationId: string; sequence: number }, Message | null, string>(
    (keys) =>
      this.read(async (manager) => {
        const values = [keys.map((key) => key.conversationId), keys.map((key) => key.sequence)];
        const rows = await readEntities(manager, Message, MESSAGES_AT, values, this.reading);
        const found = new Map(rows.map((row) => [`${row.conversationId}:${row.sequence}`, row]));
        return keys.map((key) => found.get(`${key.conversationId}:${key.sequence}`) ?? null);
      }),
    { cache: this.cache, cacheKeyFn: (key) => `${key.conversationId}:${key.sequence}` },
  );

  /** How far the viewer has read each conversation; 0 where it has not begun. */
  readonly readSequence = new DataLoader<string, number>(
    (conversationIds) =>
      this.read(async (manager) => {
        const ask = await preparedIn(manager);
        const rows = await ask<{ conversation_id: string; sequence: number }>(READ_BY, [
          this.readerId,
          conversationIds,
        ]);
        const found = new Map(rows.map((row) => [row.conversation_id, row.sequence]));
        return conversationIds.map((id) => found.get(id) ?? 0);
      }),
    { cache: this.cache },
  );

  /** How far somebody has read a conversation; 0 where they have not begun. */
  readonly readMark = new DataLoader<{ conversationId: string; readerId: string }, number, string>(
    (keys) =>
      this.read(async (manager) => {
        const ask = await preparedIn(manager);
        const values = [keys.map((key) => key.conversationId), keys.map((key) => key.readerId)];
        const rows = await ask<{ n: number; sequence: number }>(READ_MARKS, values);
        const found = new Map(rows.map((row) => [row.n, row.sequence]));
        return keys.map((_key, index) => found.get(index + 1) ?? 0);
      }),
    { cache: this.cache, cacheKeyFn: (key) => `${key.conversationId}:${key.readerId}` },
  );

  /** Agents that each member is limited to; an empty list for those who are not limited. */
  readonly limitedAgents = new DataLoader<string, Agent[]>(
    (userIds) =>
      this.read(async (manager) => {
        const raw = await manager.query<Record<string, unknown>[]>(
          `select a.*, ua.user_id as for_user from user_agents ua join agents a on a.id = ua.agent_id
         where ua.user_id = any ($1::uuid[]) and ua.workspace_id = $2 order by a.id`,
          [userIds, this.workspaceId],
        );
        const agents = raw.map((columns) => ({
          userId: columns.for_user,
          agent: toEntity(manager, Agent, columns),
        }));
        return userIds.map((id) => agents.filter((entry) => entry.userId === id).map((entry) => entry.agent));
      }),
    { cache: this.cache },
  );

  /** The newest 200 of each organization, newest first. */
  readonly invitationsOf = new DataLoader<string, Invitation[]>(
    (organizationIds) =>
      this.read(async (manager) => {
        const raw = await manager.query<Record<string, unknown>[]>(
          `select i.* from unnest($1::uuid[]) o(id) cross join lateral (
           select * from invitations where organization_id = o.id and workspace_id = $2 order by id desc limit 200) i`,
          [organizationIds, this.workspaceId],
        );
        const rows = raw.map((columns) => toEntity(manager, Invitation, columns));
        return organizationIds.map((id) => rows.filter((row) => row.organizationId === id));
      }),
    { cache: this.cache },
  );

  private byId<Row extends { id: string; workspaceId: string }>(entity: EntityTarget<Row>): ById<Row> {
    return new RowLoader(
      (ids: readonly string[]) =>
        this.read(async (manager) => {
          const { tableName } = manager.dataSource.getMetadata(entity);
          const from = `from ${tableName} t where t.id = any ($1::uuid[]) and t.workspace_id = $2`;
          const query = { name: `${tableName} by id`, from };
          const rows = await readEntities(manager, entity, query, [ids, this.workspaceId], this.reading);
          return inOrder(ids, rows, (row) => row.id);
        }),
      byOwnKey(this.cache),
    );
  }
}

/** DataLoader wants its answers in the order of its questions. */
function inOrder<Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): (Row | null)[] {
  const found = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => found.get(id) ?? null);
}
