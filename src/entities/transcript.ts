import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was said in a conversation up to a moment, mailed to its visitor. */
@Entity('transcripts')
export class Transcript {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  conversationId!: string;

  /** The operator who had it mailed; null: the visitor. */
  @Column('uuid', { nullable: true })
  authorUserId!: string | null;

  @Column('text')
  email!: string;

  /** Whom the mail greets. */
  @Column('text', { nullable: true })
  name!: string | null;

  /** The last message in it, so that each attempt sends the same. */
  @Column('integer')
  lastSequence!: number;

  @Column('text')
  idempotencyKey!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
