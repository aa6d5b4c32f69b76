import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The end user in the widget of one agent. */
@Entity('visitors')
export class Visitor {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  agentId!: string;

  @Column('text')
  displayName!: string;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  locale!: string | null;

  @Column('boolean', { default: false })
  isVerified!: boolean;

  @Column('bytea')
  resumeTokenHash!: Buffer;

  @Column('timestamptz', { nullable: true })
  lastActiveAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
