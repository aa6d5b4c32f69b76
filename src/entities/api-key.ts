import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApiKeyScope } from '../domain/actor';

/** A server-to-server credential: of one agent's AI runtime (`agentId`), else of the partner's back end. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  agentId!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  prefix!: string;

  @Column('bytea')
  secretHash!: Buffer;

  /** Of a back end's key; a runtime's has none. */
  @Column('text', { array: true, default: [] })
  scopes!: ApiKeyScope[];

  /** One more at each rotation. */
  @Column('integer', { default: 1 })
  secretVersion!: number;

  /** The secret before, which works until `formerSecretExpiresAt`. */
  @Column('bytea', { nullable: true })
  formerSecretHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  formerSecretExpiresAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
