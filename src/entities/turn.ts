import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TurnState } from '../domain/conversation/states';

/** The AI's turn: which message to answer, under which epoch. At most one is OPEN in a conversation. */
@Entity('turns')
export class Turn {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  conversationId!: string;

  @Column('uuid')
  agentId!: string;

  @Column('integer')
  controlEpoch!: number;

  @Column('uuid')
  messageId!: string;

  @Column('text', { nullable: true })
  brief!: string | null;

  @Column('text', { default: 'OPEN' })
  state!: TurnState;

  @Column('text', { nullable: true })
  detail!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  answerBy!: Date;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
