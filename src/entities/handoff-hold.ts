import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HoldEnding, HoldOrigin } from '../domain/conversation/states';

/** The time for which one operator has a handoff. At most one is open at a time. */
@Entity('handoff_holds')
export class HandoffHold {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('uuid')
  conversationId!: string;

  @Column('uuid')
  handoffId!: string;

  @Column('uuid')
  agentId!: string;

  @Column('uuid')
  userId!: string;

  /** How the operator came to it. */
  @Column('text')
  origin!: HoldOrigin;

  @Column('timestamptz')
  beganAt!: Date;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  ending!: HoldEnding | null;
}
