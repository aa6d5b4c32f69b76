import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { QuietHours } from '../domain/notification/quiet-hours';
import type { NotificationChannel, NotificationEvents } from '../domain/notification/notification-kinds';

/** What a user has chosen; no row means the defaults of `domain/notification/default-settings.ts`. */
@Entity('notification_settings')
export class NotificationSettings {
  @PrimaryColumn('uuid')
  userId!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('text', { array: true })
  channels!: NotificationChannel[];

  @Column('text')
  events!: NotificationEvents;

  @Column('jsonb', { nullable: true })
  quietHours!: QuietHours | null;

  /** Requests are told of in quiet hours too. */
  @Column('boolean', { default: true })
  letRequestsThrough!: boolean;
}
