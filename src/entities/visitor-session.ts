import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A widget's credential, bound to one visitor (and so to one agent). */
@Entity('visitor_sessions')
export class VisitorSession {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  visitorId!: string;

  @Column('bytea')
  tokenHash!: Buffer;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;
}
