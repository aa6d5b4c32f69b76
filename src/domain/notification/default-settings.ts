import type { NotificationChannel, NotificationEvents } from './notification-kinds';

/** What a user wants to be told, and how. */
export interface NotificationChoice {
  readonly channels: readonly NotificationChannel[];
  readonly events: NotificationEvents;
}

/** For whoever has chosen nothing yet: e-mail, requests only. */
export const DEFAULT_NOTIFICATION_SETTINGS: NotificationChoice = { channels: ['EMAIL'], events: 'REQUESTS_ONLY' };
