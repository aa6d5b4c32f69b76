import { TOLD_ALONE } from '../../src/domain/notification/fold-messages';
import { newId } from '../../src/database/ids';
import type { Attachment } from '../../src/entities/attachment';
import type { Delivery } from '../../src/entities/delivery';
import type { Notification } from '../../src/entities/notification';
import type { PushSubscription } from '../../src/entities/push-subscription';
import type { User } from '../../src/entities/user';

/** Something unseen under the bell of a person. */
export function newNotification(user: User, conversationId: string | null): Notification {
  return {
    id: newId(),
    workspaceId: user.workspaceId,
    userId: user.id,
    kind: 'HANDOFF_REQUESTED',
    subjectId: newId(),
    conversationId,
    title: 'Somebody waits',
    body: 'For you.',
    quietUntil: null,
    ...TOLD_ALONE,
    seenAt: null,
    createdAt: new Date(),
  };
}

/** A file that a visitor has uploaded and not sent; nobody has its bytes. */
export function newAttachment(workspaceId: string, conversationId: string): Attachment {
  return {
    id: newId(),
    workspaceId,
    conversationId,
    authorKind: 'VISITOR',
    authorUserId: null,
    fileName: 'photo.png',
    contentType: 'image/png',
    byteSize: 1,
    state: 'UPLOADED',
    attempt: 1,
    messageId: null,
    createdAt: new Date(),
  };
}

/** A browser of a person; nothing is ever sent there. */
export function newPushSubscription(user: User): PushSubscription {
  const id = newId();
  return {
    id,
    workspaceId: user.workspaceId,
    userId: user.id,
    endpoint: `https://push.example.com/${id}`,
    p256dh: 'none',
    auth: 'none',
    userAgent: null,
    createdAt: new Date(),
    lastSuccessAt: null,
  };
}

/** An e-mail that has left, for a notification or for an answer to an inquiry. */
export function newSentMail(
  workspaceId: string,
  of: { readonly notificationId: string } | { readonly inquiryAnswerId: string },
): Delivery {
  const now = new Date();
  return {
    id: newId(),
    workspaceId,
    notificationId: null,
    inquiryAnswerId: null,
    invitationId: null,
    passwordResetId: null,
    transcriptId: null,
    ...of,
    channel: 'EMAIL',
    pushSubscriptionId: null,
    mailId: null,
    replaces: null,
    state: 'SENT',
    attempts: 1,
    detail: null,
    dueAt: now,
    notBefore: null,
    postponed: 0,
    forgiven: 0,
    isFallback: false,
    digestId: null,
    createdAt: now,
    sentAt: now,
  };
}
