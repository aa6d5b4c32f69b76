import { newId } from '../../database/ids';
import type { Transaction } from '../../database/transact';
import { Delivery } from '../../entities/delivery';

/** Lets a mail leave after the commit: of an answer to an inquiry, of an invitation, or of a password reset. */
export async function addMail(
  transaction: Transaction,
  owner: { readonly workspaceId: string; readonly organizationId: string | null },
  about: Partial<Pick<Delivery, 'inquiryAnswerId' | 'invitationId' | 'passwordResetId'>>,
  now: Date,
): Promise<void> {
  const { workspaceId, organizationId } = owner;
  const delivery = await transaction.rows(Delivery, workspaceId).insert({
    id: newId(),
    notificationId: null,
    inquiryAnswerId: null,
    invitationId: null,
    passwordResetId: null,
    ...about,
    channel: 'EMAIL',
    pushSubscriptionId: null,
    replaces: null,
    state: 'PENDING',
    attempts: 0,
    detail: null,
    dueAt: now,
    createdAt: now,
    sentAt: null,
  });
  const place = { workspaceId, organizationId, agentId: null, conversationId: null, userId: null };
  transaction.append({ name: 'DELIVERY_ADDED', ...place, subjectId: delivery.id, snapshot: null });
}
