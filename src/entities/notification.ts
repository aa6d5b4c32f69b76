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

  /** The handoff, hold, inquiry or push subscription that it is about; of messages their conversation; of a DIGEST and a TEST: itself. */
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

  /** Beginning of 1970 for what is told once; of messages when what was gathered leaves. */
  @Column('timestamptz', { default: () => "'1970-01-01 00:00:00+00'" })
  windowStart!: Date;

  /** How many messages it tells of; 1 for everything else. */
  @Column('integer', { default: 1 })
  count!: number;

  /** The conversation's sequence up to which everything is told with it. Null where messages are no part of it. */
  @Column('integer', { nullable: true })
  throughSequence!: number | null;

  @Column('timestamptz', { nullable: true })
  seenAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
