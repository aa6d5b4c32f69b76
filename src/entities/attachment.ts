import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttachmentState } from '../domain/attachment/attached-file';
import type { AuthorKind } from '../domain/conversation/states';

/** A file that somebody wants to send, is sending or has sent in a conversation. Its bytes are in `attachment_pieces`. */
@Entity('attachments')
export class Attachment {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  conversationId!: string;

  @Column('text')
  authorKind!: Exclude<AuthorKind, 'SYSTEM'>;

  @Column('uuid', { nullable: true })
  authorUserId!: string | null;

  @Column('text')
  fileName!: string;

  /** What its name promises; from UPLOADED on what it is. */
  @Column('text')
  contentType!: string;

  @Column('integer')
  byteSize!: number;

  @Column('text')
  state!: AttachmentState;

  /** Counts the uploads that were begun: the last one alone may add to it. */
  @Column('integer')
  attempt!: number;

  /** Set exactly while ATTACHED. */
  @Column('uuid', { nullable: true })
  messageId!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
