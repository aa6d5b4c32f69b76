import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an operator notes for the others beside a conversation; never changed, and no part of its transcript. */
@Entity('notes')
export class Note {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  conversationId!: string;

  @Column('uuid')
  authorUserId!: string;

  @Column('text')
  text!: string;

  /** Null: it came with a transfer. */
  @Column('text', { nullable: true })
  clientNonce!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
