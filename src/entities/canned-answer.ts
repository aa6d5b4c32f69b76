import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An answer that an organization has written once, with places that each conversation fills. */
@Entity('canned_answers')
export class CannedAnswer {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  organizationId!: string;

  @Column('text')
  title!: string;

  /** In lower case, with its slash. */
  @Column('text')
  shortcut!: string;

  @Column('text')
  text!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
