import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission, WorkspaceRole } from '../domain/actor';

/** A person with a password: staff of the workspace (a role) or a member of one organization (permissions). */
@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('text', { nullable: true })
  workspaceRole!: WorkspaceRole | null;

  @Column('text')
  email!: string;

  @Column('text')
  displayName!: string;

  @Column('text', { nullable: true })
  avatarUrl!: string | null;

  /** In which this person is written to; null: the language of the organization. */
  @Column('text', { nullable: true })
  locale!: string | null;

  @Column('text')
  passwordHash!: string;

  @Column('text', { array: true, default: [] })
  permissions!: Permission[];

  /** When true, `user_agents` lists the agents that this member may handle; when false, all of the organization. */
  @Column('boolean', { default: false })
  limitedToAgents!: boolean;

  /** The operator's own choice; online needs an open connection too. */
  @Column('boolean', { default: true })
  available!: boolean;

  @Column('timestamptz', { nullable: true })
  lastActiveAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;
}
