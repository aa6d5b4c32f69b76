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

  /** The handoff, hold, inquiry or message that it is about. */
  @Column('uuid')
  subjectId!: string;

  @Column('uuid', { nullable: true })
  conversationId!: string | null;

  @Column('text')
  title!: string;

  @Column('text')
  body!: string;

  @Column('timestamptz', { nullable: true })
  seenAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
