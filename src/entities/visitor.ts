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

  /** Who it is to the partner: set exactly while `isVerified`, and then for ever the same visitor. */
  @Column('text', { nullable: true })
  externalId!: string | null;

  /** Null when nobody can come back with one: of a verified visitor, and of one that was forgotten on its browser. */
  @Column('bytea', { nullable: true })
  resumeTokenHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  lastActiveAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
