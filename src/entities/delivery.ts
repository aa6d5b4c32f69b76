import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryState, NotificationChannel } from '../domain/notification/notification-kinds';

/** One way in which a notification, an answer to an inquiry, an invitation or a password reset leaves the server. */
@Entity('deliveries')
export class Delivery {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  notificationId!: string | null;

  @Column('uuid', { nullable: true })
  inquiryAnswerId!: string | null;

  @Column('uuid', { nullable: true })
  invitationId!: string | null;

  @Column('uuid', { nullable: true })
  passwordResetId!: string | null;

  @Column('text')
  channel!: NotificationChannel;

  @Column('uuid', { nullable: true })
  pushSubscriptionId!: string | null;

  /** The push whose place it takes in the same browser. */
  @Column('uuid', { nullable: true })
  replaces!: string | null;

  @Column('text', { default: 'PENDING' })
  state!: DeliveryState;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('text', { nullable: true })
  detail!: string | null;

  /** A PENDING delivery may be taken from here on. */
  @Column('timestamptz')
  dueAt!: Date;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  sentAt!: Date | null;
}
