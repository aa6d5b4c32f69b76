import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { QuietHours } from '../domain/notification/quiet-hours';
import type { NotificationChannel, NotificationEvents } from '../domain/notification/notification-kinds';

/** What a user has chosen; null, and no row, means what `domain/settings-layers.ts` finds in the next layer. */
@Entity('notification_settings')
export class NotificationSettings {
  @PrimaryColumn('uuid')
  userId!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('text', { array: true, nullable: true })
  channels!: NotificationChannel[] | null;

  @Column('text', { nullable: true })
  events!: NotificationEvents | null;

  @Column('integer', { nullable: true })
  alertIntervalSeconds!: number | null;

  @Column('jsonb', { nullable: true })
  quietHours!: QuietHours | null;

  /** Requests are told of in quiet hours too. */
  @Column('boolean', { default: true })
  letRequestsThrough!: boolean;
}
