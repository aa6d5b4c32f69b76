import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, type Outcome } from '../../domain/refusal';
import { Inquiry } from '../../entities/inquiry';
import { lockInquiry } from './lock-inquiry';

/** Closes an inquiry, answered or not. Closing it twice changes nothing. */
export async function closeInquiry(
  database: Database,
  principal: Principal,
  input: { inquiryId: string },
): Promise<Outcome<Inquiry>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockInquiry(transaction, principal, input.inquiryId);
    if (!locked.ok) return locked.outcome;
    const { conversation, inquiry } = locked;
    if (inquiry.state === 'CLOSED') return done(inquiry);
    inquiry.state = 'CLOSED';
    await transaction.rows(Inquiry, inquiry.workspaceId).update({ id: inquiry.id }, { state: inquiry.state });
    conversation.tell('INQUIRY_CHANGED', inquiry.id, { ...inquiry });
    return done(inquiry);
  });
}
