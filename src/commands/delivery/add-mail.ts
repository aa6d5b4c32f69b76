import type { Transaction } from '../../database/transact';
import { Delivery } from '../../entities/delivery';
import { newDelivery } from './new-delivery';

/** Lets a mail leave after the commit: of an answer to an inquiry, of an invitation, of a password reset, or of a transcript. */
export async function addMail(
  transaction: Transaction,
  owner: { readonly workspaceId: string; readonly organizationId: string | null },
  about: Partial<Pick<Delivery, 'inquiryAnswerId' | 'invitationId' | 'passwordResetId' | 'transcriptId'>>,
  now: Date,
): Promise<void> {
  const delivery = await transaction.rows(Delivery, owner.workspaceId).insert(newDelivery(about, now));
  tellOfDelivery(transaction, delivery, owner.organizationId);
}

/** Lets the router add its job, after the commit. */
export function tellOfDelivery(
  transaction: Transaction,
  { id, workspaceId }: Pick<Delivery, 'id' | 'workspaceId'>,
  organizationId: string | null,
): void {
  const place = { workspaceId, organizationId, agentId: null, conversationId: null, userId: null };
  transaction.append({ name: 'DELIVERY_ADDED', ...place, subjectId: id, snapshot: null });
}
