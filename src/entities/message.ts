import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttachedFile } from '../domain/attachment/attached-file';
import type { AuthorKind, MessageKind } from '../domain/conversation/states';

/** One entry of a transcript; never changed after its transaction. */
@Entity('messages')
export class Message {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  conversationId!: string;

  @Column('integer')
  sequence!: number;

  @Column('text')
  kind!: MessageKind;

  @Column('text')
  authorKind!: AuthorKind;

  @Column('uuid', { nullable: true })
  authorUserId!: string | null;

  @Column('text')
  text!: string;

  @Column('text', { nullable: true })
  clientNonce!: string | null;

  @Column('uuid', { nullable: true })
  handoffId!: string | null;

  /** Null: none. Events of an earlier version have no such field. */
  @Column('jsonb', { nullable: true })
  attachments!: readonly AttachedFile[] | null;

  @Column('timestamptz')
  createdAt!: Date;
}
