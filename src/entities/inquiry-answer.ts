import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An operator's answer to an inquiry, mailed to the visitor. */
@Entity('inquiry_answers')
export class InquiryAnswer {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  inquiryId!: string;

  @Column('uuid')
  authorUserId!: string;

  @Column('text')
  text!: string;

  @Column('text')
  idempotencyKey!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
