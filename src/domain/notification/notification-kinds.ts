export type NotificationKind =
  'HANDOFF_REQUESTED' | 'HANDOFF_TRANSFERRED' | 'HANDOFF_UNANSWERED' | 'INQUIRY_SUBMITTED' | 'MESSAGE_RECEIVED';
export type NotificationChannel = 'EMAIL' | 'PUSH';
export type NotificationEvents = 'ALL_MESSAGES' | 'REQUESTS_ONLY';
export type DeliveryState = 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
