import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BusinessHours } from '../domain/conversation/business-hours';
import type { Escalation } from '../domain/conversation/escalation';
import type { AnnouncementTexts, WhileWaiting } from '../domain/conversation/handoff-settings';
import type { ResponderKind } from '../domain/conversation/responder-kind';

/** An AI agent (a chat widget) with its handoff settings and its responder. */
@Entity('agents')
export class Agent {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspaceId!: string;

  @Column('uuid', { nullable: true })
  organizationId!: string | null;

  @Column('text')
  displayName!: string;

  @Column('text', { nullable: true })
  avatarUrl!: string | null;

  @Column('text')
  publicKey!: string;

  @Column('text', { array: true, default: [] })
  allowedOrigins!: string[];

  @Column('boolean', { default: false })
  identityVerificationRequired!: boolean;

  @Column('boolean', { default: false })
  handoffEnabled!: boolean;

  @Column('boolean', { default: false })
  fixedPopup!: boolean;

  @Column('boolean', { default: true })
  offerWhenOffline!: boolean;

  @Column('text')
  handoffTitle!: string;

  @Column('text')
  handoffSubtitle!: string;

  @Column('integer', { default: 300 })
  requestTimeoutSeconds!: number;

  @Column('text', { default: 'AI_SILENT' })
  whileWaiting!: WhileWaiting;

  @Column('boolean', { default: true })
  aiMayRequest!: boolean;

  @Column('jsonb')
  announcements!: AnnouncementTexts;

  /** Null: what the organization of the conversation says. So for the next two. */
  @Column('jsonb', { nullable: true })
  escalation!: Escalation | null;

  @Column('jsonb', { nullable: true })
  businessHours!: BusinessHours | null;

  @Column('integer', { nullable: true })
  alertIntervalSeconds!: number | null;

  @Column('text', { default: 'NONE' })
  responderKind!: ResponderKind;

  @Column('text', { nullable: true })
  responderUrl!: string | null;

  @Column('text', { nullable: true })
  responderModel!: string | null;

  @Column('text', { nullable: true })
  responderInstructions!: string | null;

  /** Sealed (`SecretBox`). */
  @Column('text', { nullable: true })
  responderSecret!: string | null;

  /** What the partner's back end signs visitors' identities with. Sealed. */
  @Column('text', { nullable: true })
  identitySecret!: string | null;

  @Column('timestamptz', { nullable: true })
  identitySecretCreatedAt!: Date | null;

  /** The one before, which counts until `formerIdentitySecretExpiresAt`. Sealed. */
  @Column('text', { nullable: true })
  formerIdentitySecret!: string | null;

  @Column('timestamptz', { nullable: true })
  formerIdentitySecretExpiresAt!: Date | null;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;
}
