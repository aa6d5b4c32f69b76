import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed-in user. The token itself is never stored, only its SHA-256. */
@Entity('sessions')
export class Session {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  userId!: string;

  /** The member of staff who uses it; null: the person. */
  @Column('uuid', { nullable: true })
  impersonatorId!: string | null;

  /** Their own session: this one ends with it. */
  @Column('uuid', { nullable: true })
  impersonatorSessionId!: string | null;

  @Column('bytea')
  tokenHash!: Buffer;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  lastSeenAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
