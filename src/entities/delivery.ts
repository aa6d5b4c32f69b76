import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryState, NotificationChannel } from '../domain/notification/notification-kinds';

/** One way in which a notification, an answer to an inquiry, an invitation, a password reset or a transcript leaves the server. */
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

  @Column('uuid', { nullable: true })
  transcriptId!: string | null;

  @Column('text')
  channel!: NotificationChannel;

  @Column('uuid', { nullable: true })
  pushSubscriptionId!: string | null;

  /** Message-ID of its mail, chosen at the first attempt and the same at every other. Null: there was none, or it is a push. */
  @Column('text', { nullable: true })
  mailId!: string | null;

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

  /** Held by quiet hours that end then: the digest of that time replaces it. Null: nothing holds it. */
  @Column('timestamptz', { nullable: true })
  notBefore!: Date | null;

  /** Of the attempts: those at which nothing was tried, because it had to wait. */
  @Column('integer', { default: 0 })
  postponed!: number;

  /** Of the attempts: those before somebody had it sent again. */
  @Column('integer', { default: 0 })
  forgiven!: number;

  /** The mail that leaves because the push of the same alert cannot, whether or not mails are among the channels. */
  @Column('boolean', { default: false })
  isFallback!: boolean;

  /** The digest (a notification) in which it is. */
  @Column('uuid', { nullable: true })
  digestId!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  sentAt!: Date | null;
}
