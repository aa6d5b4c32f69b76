import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an owner has set of its brand; what is missing comes from the next owner up. */
export interface BrandingValues {
  displayName?: string;
  logoUrl?: string;
  primaryColor?: string;
  supportEmail?: string;
  emailFromName?: string;
  dashboardUrl?: string;
}

/** A whitelabel partner's account. */
@Entity('workspaces')
export class Workspace {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  @Column('jsonb', { default: {} })
  branding!: BrandingValues;

  @Column('timestamptz')
  createdAt!: Date;
}
