import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuditAction, AuditActorKind, AuditChange, AuditSubjectKind } from '../domain/audit';

/** Who did what to which object, from where. Written once and never changed; nothing that is deleted takes it along. */
@Entity('audit_entries')
export class AuditEntry {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  /** In whose log it is shown, beside the workspace's. */
  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('text')
  action!: AuditAction;

  @Column('text')
  actorKind!: AuditActorKind;

  /** Null for actors that have no row. */
  @Column('uuid', { nullable: true })
  actorId!: string | null;

  /** The member of staff behind the person. */
  @Column('uuid', { nullable: true })
  impersonatorId!: string | null;

  @Column('text')
  subjectKind!: AuditSubjectKind;

  @Column('uuid')
  subjectId!: string;

  @Column('jsonb')
  changes!: readonly AuditChange[];

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
