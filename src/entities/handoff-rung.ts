import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rung, RungDetail, RungState } from '../domain/conversation/escalation';

/** One step of the ladder of one request: who is told from when on, and whether it came to that. */
@Entity('handoff_rungs')
export class HandoffRung {
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

  @Column('text')
  rung!: Rung;

  @Column('text')
  state!: RungState;

  @Column('timestamptz')
  dueAt!: Date;

  @Column('timestamptz', { nullable: true })
  reachedAt!: Date | null;

  /** Why it was skipped. */
  @Column('text', { nullable: true })
  detail!: RungDetail | null;
}
