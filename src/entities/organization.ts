import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BusinessHours } from '../domain/conversation/business-hours';
import type { Escalation } from '../domain/conversation/escalation';
import type { NotificationChannel, NotificationEvents } from '../domain/notification/notification-kinds';
import type { BrandingValues } from './workspace';

/** A client of a workspace. */
@Entity('organizations')
export class Organization {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  @Column('text')
  locale!: string;

  @Column('text')
  timeZone!: string;

  @Column('jsonb', { default: {} })
  branding!: BrandingValues;

  /** How long a conversation's messages are gathered after somebody was told of one. Null: the default. */
  @Column('integer', { nullable: true })
  alertIntervalSeconds!: number | null;

  /** Null: everybody who may handle the agent is told at once. */
  @Column('jsonb', { nullable: true })
  escalation!: Escalation | null;

  /** Null: at any hour. */
  @Column('jsonb', { nullable: true })
  businessHours!: BusinessHours | null;

  /** How members are told who have not chosen. Null: the default. */
  @Column('text', { array: true, nullable: true })
  memberChannels!: NotificationChannel[] | null;

  /** Of what members are told who have not chosen. Null: the default. */
  @Column('text', { nullable: true })
  memberEvents!: NotificationEvents | null;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;
}
