/** Something happened in a conversation, and somebody has to be told. */
export type AlertKind =
  'HANDOFF_REQUESTED' | 'HANDOFF_TRANSFERRED' | 'HANDOFF_UNANSWERED' | 'INQUIRY_SUBMITTED' | 'MESSAGE_RECEIVED';
/** What is said of the notifications themselves. */
export type NoticeKind = 'PUSH_SUBSCRIPTION_LOST' | 'DIGEST' | 'TEST';
export type NotificationKind = AlertKind | NoticeKind;
export type NotificationChannel = 'EMAIL' | 'PUSH';
export type NotificationEvents = 'ALL_MESSAGES' | 'REQUESTS_ONLY';
export type DeliveryState = 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
