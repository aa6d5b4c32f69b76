import { Column, Entity, PrimaryColumn } from 'typeorm';
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
  quietHours!: { start: string; end: string; timeZone: string } | null;
}
