import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SmtpSecurity } from '../domain/mail-server';

/** The mail server of a workspace, and from whom its mails come. No row: they leave through the server's own. */
@Entity('mail_settings')
export class MailSettings {
  @PrimaryColumn('uuid')
  workspaceId!: string;

  @Column('text')
  host!: string;

  @Column('integer')
  port!: number;

  @Column('text')
  security!: SmtpSecurity;

  @Column('text', { nullable: true })
  username!: string | null;

  /** Sealed, for `mailPasswordPlace`. */
  @Column('text', { nullable: true })
  password!: string | null;

  @Column('text')
  fromAddress!: string;

  /** Where answers go that have no address of their brand to go to. */
  @Column('text', { nullable: true })
  replyTo!: string | null;

  /** Goes up with every change of what is above. */
  @Column('integer', { default: 1 })
  version!: number;

  /** When the server took a test mail with what is above; null: nothing is sent through it yet. */
  @Column('timestamptz', { nullable: true })
  verifiedAt!: Date | null;

  /** Why the server could not be used last, in its own words; null since it worked again. */
  @Column('text', { nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { nullable: true })
  lastErrorAt!: Date | null;

  @Column('timestamptz')
  updatedAt!: Date;
}
