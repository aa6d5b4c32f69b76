import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { Principal, UserPrincipal } from '../domain/actor';
import { ApiKey } from '../entities/api-key';
import { AuditEntry } from '../entities/audit-entry';
import { CannedAnswer } from '../entities/canned-answer';
import { Conversation } from '../entities/conversation';
import { Inquiry } from '../entities/inquiry';
import { Invitation } from '../entities/invitation';
import { Note } from '../entities/note';
import { Notification } from '../entities/notification';
import { PushSubscription } from '../entities/push-subscription';
import { Session } from '../entities/session';
import type { Visitor } from '../entities/visitor';

interface Identified extends ObjectLiteral {
  id: string;
  workspaceId: string;
}

/** A row of the principal's workspace by id. Who may see it within the workspace, the caller decides. */
async function findWithin<Row extends Identified>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  principal: Principal,
  id: string,
): Promise<Row | null> {
  return manager.findOne(entity, { where: { id, workspaceId: principal.workspaceId } as FindOptionsWhere<Row> });
}

/** A row that belongs to the signed-in person, by id; null for visitors and keys. */
async function findOwned<Row extends Identified & { userId: string }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  principal: Principal,
  id: string,
): Promise<Row | null> {
  const row = await findWithin(manager, entity, principal, id);
  return row !== null && principal.kind === 'USER' && row.userId === principal.userId ? row : null;
}

export type FindById<Row> = (manager: EntityManager, principal: Principal, id: string) => Promise<Row | null>;

/** Within the principal's workspace; who may see it there, the caller decides. */
export const findApiKey: FindById<ApiKey> = (manager, principal, id) => findWithin(manager, ApiKey, principal, id);
export const findAuditEntry: FindById<AuditEntry> = (manager, principal, id) =>
  findWithin(manager, AuditEntry, principal, id);
export const findCannedAnswer: FindById<CannedAnswer> = (manager, principal, id) =>
  findWithin(manager, CannedAnswer, principal, id);
export const findInquiry: FindById<Inquiry> = (manager, principal, id) => findWithin(manager, Inquiry, principal, id);
export const findNote: FindById<Note> = (manager, principal, id) => findWithin(manager, Note, principal, id);
export const findInvitation: FindById<Invitation> = (manager, principal, id) =>
  findWithin(manager, Invitation, principal, id);

export const findSession: FindById<Session> = (manager, principal, id) => findWithin(manager, Session, principal, id);

/** The signed-in person's own, and nobody else's. */
export const findNotification: FindById<Notification> = (manager, principal, id) =>
  findOwned(manager, Notification, principal, id);
export const findPushSubscription: FindById<PushSubscription> = (manager, principal, id) =>
  findOwned(manager, PushSubscription, principal, id);

export async function listPushSubscriptions(manager: EntityManager, user: UserPrincipal): Promise<PushSubscription[]> {
  return manager.find(PushSubscription, {
    where: { userId: user.userId, workspaceId: user.workspaceId },
    order: { id: 'ASC' },
  });
}

/** One conversation of the visitor for each organization that it has talked with: enough to decide who sees the visitor. */
export async function listVisitorConversations(
  manager: EntityManager,
  visitor: Pick<Visitor, 'id' | 'workspaceId'>,
): Promise<Conversation[]> {
  return manager
    .createQueryBuilder(Conversation, 'c')
    .distinctOn(['c.organizationId'])
    .where('c.visitorId = :visitorId and c.workspaceId = :workspaceId', {
      visitorId: visitor.id,
      workspaceId: visitor.workspaceId,
    })
    .orderBy('c.organizationId')
    .getMany();
}
