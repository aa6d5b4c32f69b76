import type { DataSource } from 'typeorm';
import type { BrandLayer } from '../domain/branding';
import type { MailTokens } from '../domain/mail-token';
import type { MailedPerson } from '../domain/turn-off-token';
import type { Catalogue } from '../delivery/mail/catalogue';
import type { MailTransport } from '../delivery/mail/mail-transport';
import type { WorkspaceMail } from '../delivery/mail/workspace-mail';
import type { PushSender } from '../delivery/push/push-sender';
import type { DeliveryResult } from './delivery-rows';
import type { ProviderSlots } from './provider-slots';

/** How things leave the server. */
export interface SendDependencies {
  readonly source: DataSource;
  readonly mail: Pick<MailTransport, 'send'>;
  readonly push: PushSender;
  /** Of the workers' slots, how many one provider may take. */
  readonly slots: ProviderSlots;
  /** The address that mails come from; the name beside it is the brand's. */
  readonly mailFrom: string;
  /** Mail through the servers that workspaces have set. */
  readonly workspaceMail: Pick<WorkspaceMail, 'send'>;
  /** The clear text of a sealed secret; null when this process has no key that opens it. */
  readonly openSecret: (stored: string, place: string) => string | null;
  /** For the links of mails that prove an address. */
  readonly mailTokens: MailTokens;
  /** The words of mails, in every language. */
  readonly catalogue: Catalogue;
  /** Where a person turns notifications by mail off. Null: this server has no address of its own. */
  readonly turnOffUrl: (person: MailedPerson) => string | null;
  /** Makes the address that the visitor of an inquiry replies to; left out or null: replies do not come back. */
  readonly openReplyAddress?: ((inquiry: { id: string; workspaceId: string }) => Promise<string>) | null;
  /** What counts where neither organization nor workspace has set anything. */
  readonly serverBrand: BrandLayer;
}

/**
 * An attempt, or the wish for another one; how often and when is the caller's to decide. `isPatient`: what is at fault is
 * somebody's to mend, and may take days. POSTPONED: nothing was tried. HELD: by quiet hours, which is written already.
 */
export type SendResult =
  | Exclude<DeliveryResult, { state: 'PENDING' }>
  | {
      readonly state: 'RETRY';
      readonly detail: string;
      readonly retryAfterMs: number | null;
      readonly isPatient?: boolean;
    }
  | { readonly state: 'POSTPONED'; readonly detail: string; readonly delayMs: number }
  | { readonly state: 'HELD'; readonly until: Date };
