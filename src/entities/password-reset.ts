import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A mail that lets its reader choose another password. The token in it is never stored, only its SHA-256. */
@Entity('password_resets')
export class PasswordReset {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  userId!: string;

  @Column('bytea')
  tokenHash!: Buffer;

  @Column('timestamptz')
  expiresAt!: Date;

  /** When it was used, or became useless because the password was changed in another way. */
  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
