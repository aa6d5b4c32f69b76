import type { Database } from '../../database/database';
import { isOperator } from '../../database/operators';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { done, type Outcome, refusal, refused } from '../../domain/refusal';
import { Inquiry } from '../../entities/inquiry';
import { lockInquiry } from './lock-inquiry';

export interface AssignInquiry {
  readonly inquiryId: string;
  /** Null: nobody. */
  readonly userId: string | null;
}

/** Says who answers an inquiry. Whoever may handle its agent can be named, and still every other operator may answer. */
export async function assignInquiry(
  database: Database,
  principal: Principal,
  input: AssignInquiry,
): Promise<Outcome<Inquiry>> {
  return transact(database, principal, async (transaction) => {
    const locked = await lockInquiry(transaction, principal, input.inquiryId);
    if (!locked.ok) return locked.outcome;
    const { conversation, inquiry } = locked;
    const { userId } = input;
    if (userId !== null && !(await isOperator(transaction.manager, inquiry, userId))) {
      // The same words for whom the caller may not see.
      return refused(
        refusal('NOT_FOUND', 'Nobody with this id may answer inquiries of this agent.', 'userId'),
        inquiry,
      );
    }
    if (inquiry.assigneeId === userId) return done(inquiry);
    inquiry.assigneeId = userId;
    await transaction.rows(Inquiry, inquiry.workspaceId).update({ id: inquiry.id }, { assigneeId: userId });
    conversation.tell('INQUIRY_CHANGED', inquiry.id, { ...inquiry });
    return done(inquiry);
  });
}
