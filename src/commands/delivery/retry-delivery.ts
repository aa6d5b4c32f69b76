import type { Database } from '../../database/database';
import { type Transaction, transact } from '../../database/transact';
import type { Principal, UserPrincipal } from '../../domain/actor';
import { mayOnConversation } from '../../domain/policies/conversation-policy';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { forbidden, done, notFound, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { Delivery } from '../../entities/delivery';
import { InquiryAnswer } from '../../entities/inquiry-answer';
import { Notification } from '../../entities/notification';
import { Transcript } from '../../entities/transcript';
import { lockVisible } from '../conversation/locked-conversation';
import { lockInquiry } from '../inquiry/lock-inquiry';
import { tellOfDelivery } from './add-mail';

/**
 * Sends once more what has failed for good, with as many attempts as at first: one's own notification, the answer to an
 * inquiry that one may answer, or the transcript of a conversation that one handles. Of several who ask at once one is heard: for the others nothing has failed any more.
 */
export async function retryDelivery(
  database: Database,
  principal: Principal,
  { deliveryId }: { readonly deliveryId: string },
): Promise<Outcome<Delivery>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can have something sent again.'));
  return transact(database, principal, async (transaction) => {
    const deliveries = transaction.rows(Delivery, principal.workspaceId);
    const no = await refuseRetry(transaction, principal, deliveryId, await deliveries.find({ id: deliveryId }));
    if (no !== null) return refused(no);
    const delivery = await deliveries.lock({ id: deliveryId });
    if (delivery === null) return refused(MISSING);
    if (delivery.state !== 'FAILED') {
      const message = 'Only what has failed can be sent again. Load the delivery: it may be on its way already.';
      return refused(refusal('INVALID_TRANSITION', message, 'deliveryId'), delivery);
    }
    const { attempts, postponed } = delivery;
    const change = {
      state: 'PENDING',
      detail: null,
      dueAt: await transaction.now(),
      notBefore: null,
      forgiven: attempts - postponed,
    } as const;
    await deliveries.update({ id: deliveryId }, change);
    tellOfDelivery(transaction, delivery, null);
    return done({ ...delivery, ...change });
  });
}

const UNAUTHORIZED = forbidden('You need the permission HANDLE_CONVERSATIONS for this agent.', 'deliveryId');
const MISSING = notFound('delivery', 'deliveryId');

/** Nothing has the id of a delivery beside it: a missing one takes the same statements as a hidden one. */
async function refuseRetry(
  transaction: Transaction,
  principal: UserPrincipal,
  deliveryId: string,
  delivery: Delivery | null,
): Promise<Refusal | null> {
  const { workspaceId, userId } = principal;
  const notificationId = delivery?.notificationId ?? deliveryId;
  const own = await transaction.rows(Notification, workspaceId).find({ id: notificationId, userId });
  if (own !== null) return refuseImpersonator(principal, 'sendToThem');
  const transcriptId = delivery?.transcriptId ?? deliveryId;
  const transcript = await transaction.rows(Transcript, workspaceId).find({ id: transcriptId });
  const conversation = await lockVisible(transaction, principal, transcript?.conversationId ?? deliveryId);
  if (transcript !== null && conversation !== null) {
    if (mayOnConversation(principal, 'operate', conversation.row)) return null;
    return refuseImpersonator(principal, 'operate') ?? UNAUTHORIZED;
  }
  const answerId = delivery?.inquiryAnswerId ?? deliveryId;
  const answer = await transaction.rows(InquiryAnswer, workspaceId).find({ id: answerId });
  const locked = await lockInquiry(transaction, principal, answer?.inquiryId ?? deliveryId);
  if (locked.ok) return null;
  const [reason] = locked.outcome.refusals;
  return reason === undefined || reason.code === 'NOT_FOUND' ? MISSING : { ...reason, path: ['deliveryId'] };
}
