import { Column, Entity, PrimaryColumn } from 'typeorm';
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

  @Column('text')
  idempotencyKey!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
