import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttachedFile } from '../domain/attachment/attached-file';
import type { InquiryState } from '../domain/conversation/states';

/** What a visitor leaves when nobody answered. */
@Entity('inquiries')
export class Inquiry {
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

  @Column('uuid', { nullable: true })
  handoffId!: string | null;

  @Column('text')
  email!: string;

  @Column('text', { nullable: true })
  name!: string | null;

  @Column('text')
  text!: string;

  @Column('text', { default: 'OPEN' })
  state!: InquiryState;

  /** The operator who is to answer; null: nobody in particular. */
  @Column('uuid', { nullable: true })
  assigneeId!: string | null;

  /** When the visitor or an operator last wrote: the question, an answer, or a reply to one. */
  @Column('timestamptz')
  lastMessageAt!: Date;

  /** The address in lower case, which PostgreSQL makes and searches. */
  @Column({ type: 'text', nullable: true, insert: false, update: false, select: false })
  emailKey?: string | null;

  /** Null: none. They are also those of the message that was written with it. */
  @Column('jsonb', { nullable: true })
  attachments!: readonly AttachedFile[] | null;

  @Column('text')
  idempotencyKey!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
