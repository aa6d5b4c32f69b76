import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A host name that shows the brand of an organization, or of the workspace itself. */
@Entity('hosts')
export class Host {
  /** As `canonicalHost` spells it. */
  @PrimaryColumn('text')
  host!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('timestamptz')
  createdAt!: Date;
}
