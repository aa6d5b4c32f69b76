import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission } from '../domain/actor';

/** A mail that lets the owner of an address become a member. The token in it is never stored, only its SHA-256. */
@Entity('invitations')
export class Invitation {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid')
  organizationId!: string;

  @Column('text')
  email!: string;

  @Column('text', { array: true, default: [] })
  permissions!: Permission[];

  /** When true, `invitation_agents` lists the agents that the member will be limited to. */
  @Column('boolean', { default: false })
  limitedToAgents!: boolean;

  @Column('bytea')
  tokenHash!: Buffer;

  /** Null when an API key invited. */
  @Column('uuid', { nullable: true })
  invitedBy!: string | null;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  acceptedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
