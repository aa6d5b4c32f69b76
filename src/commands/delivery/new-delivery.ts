import { newId } from '../../database/ids';
import type { Delivery } from '../../entities/delivery';

type Subject = 'notificationId' | 'inquiryAnswerId' | 'invitationId' | 'passwordResetId' | 'transcriptId';
type Way = 'channel' | 'pushSubscriptionId';

/** Something that shall leave at once: what it is about, and a way other than e-mail where it takes one. */
export function newDelivery(about: Partial<Pick<Delivery, Subject | Way>>, now: Date): Omit<Delivery, 'workspaceId'> {
  return {
    id: newId(),
    notificationId: null,
    inquiryAnswerId: null,
    invitationId: null,
    passwordResetId: null,
    transcriptId: null,
    channel: 'EMAIL',
    pushSubscriptionId: null,
    replaces: null,
    mailId: null,
    ...about,
    state: 'PENDING',
    attempts: 0,
    detail: null,
    dueAt: now,
    notBefore: null,
    postponed: 0,
    forgiven: 0,
    isFallback: false,
    digestId: null,
    createdAt: now,
    sentAt: null,
  };
}
