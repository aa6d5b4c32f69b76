import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Controller, ConversationStatus, HandoffState } from '../domain/conversation/states';

/** One visitor's talk with one agent. Its row lock orders everything that happens in it. */
@Entity('conversations')
export class Conversation {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('uuid')
  agentId!: string;

  @Column('uuid')
  visitorId!: string;

  @Column('text')
  idempotencyKey!: string;

  @Column('text', { default: 'OPEN' })
  status!: ConversationStatus;

  @Column('text', { default: 'AI' })
  controller!: Controller;

  @Column('integer', { default: 1 })
  controlEpoch!: number;

  @Column('uuid', { nullable: true })
  operatorId!: string | null;

  /** The newest handoff, open or ended. */
  @Column('uuid', { nullable: true })
  handoffId!: string | null;

  @Column('text', { nullable: true })
  handoffState!: HandoffState | null;

  @Column('integer', { default: 0 })
  lastSequence!: number;

  /** Equals `createdAt` until the first message. */
  @Column('timestamptz')
  lastMessageAt!: Date;

  @Column('timestamptz', { nullable: true })
  waitingSince!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;

  @Column('integer', { default: 1 })
  version!: number;
}
