import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NotificationKind } from '../domain/notification/notification-kinds';

/** One entry under one person's bell. */
@Entity('notifications')
export class Notification {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  userId!: string;

  @Column('text')
  kind!: NotificationKind;

  /** The handoff, hold, inquiry, message or push subscription that it is about; of a DIGEST and a TEST: itself. */
  @Column('uuid')
  subjectId!: string;

  @Column('uuid', { nullable: true })
  conversationId!: string | null;

  @Column('text')
  title!: string;

  @Column('text')
  body!: string;

  /** Of a DIGEST: when the quiet hours end whose alerts it brings. */
  @Column('timestamptz', { nullable: true })
  quietUntil!: Date | null;

  @Column('timestamptz', { nullable: true })
  seenAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
