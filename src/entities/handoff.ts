import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rung } from '../domain/conversation/escalation';
import type { HandoffOrigin, HandoffState } from '../domain/conversation/states';

/** One episode in which a person was asked for, or took over. */
@Entity('handoffs')
export class Handoff {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('uuid')
  conversationId!: string;

  @Column('uuid')
  agentId!: string;

  @Column('text')
  state!: HandoffState;

  @Column('text')
  origin!: HandoffOrigin;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { nullable: true })
  summary!: string | null;

  @Column('timestamptz')
  requestedAt!: Date;

  /** The conversation's last sequence when the handoff began. */
  @Column('integer')
  requestedSequence!: number;

  @Column('timestamptz', { nullable: true })
  answerBy!: Date | null;

  /** Who is told of it by now; null for a takeover. */
  @Column('text', { nullable: true })
  rung!: Rung | null;

  /** When the next ones are told, while it waits. */
  @Column('timestamptz', { nullable: true })
  nextRungAt!: Date | null;

  /** Of the last change of hands; null while nobody has it. */
  @Column('timestamptz', { nullable: true })
  acceptedAt!: Date | null;

  @Column('uuid', { nullable: true })
  acceptedById!: string | null;

  /** Who has handed it on last, to an operator or to the team; null: nobody has. */
  @Column('uuid', { nullable: true })
  transferredById!: string | null;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  brief!: string | null;

  @Column('integer', { default: 1 })
  version!: number;
}
