import type { NotificationChannel, NotificationEvents } from './notification-kinds';
import type { QuietChoice } from './quiet-hours';

/** What a user wants to be told, and how. */
export interface NotificationChoice {
  readonly channels: readonly NotificationChannel[];
  readonly events: NotificationEvents;
}

/** For whoever has chosen nothing yet: e-mail, requests only. */
export const DEFAULT_NOTIFICATION_SETTINGS: NotificationChoice = { channels: ['EMAIL'], events: 'REQUESTS_ONLY' };
/** No quiet hours, and in those that are set a visitor who waits is told of: it cannot wait for the morning. */
export const DEFAULT_QUIET_CHOICE: QuietChoice = { quietHours: null, letRequestsThrough: true };
