import type { DataSource } from 'typeorm';
import type { BrandLayer } from '../domain/branding';
import type { MailTokens } from '../domain/mail-token';
import type { MailTransport } from '../delivery/mail/mail-transport';
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
  /** For the links of mails that prove an address. */
  readonly mailTokens: MailTokens;
  /** What counts where neither organization nor workspace has set anything. */
  readonly serverBrand: BrandLayer;
}

/**
 * An attempt, or the wish for another one; how often and when is the caller's to decide. POSTPONED: nothing was tried.
 * HELD: by quiet hours, which is written already.
 */
export type SendResult =
  | Exclude<DeliveryResult, { state: 'PENDING' }>
  | { readonly state: 'RETRY'; readonly detail: string; readonly retryAfterMs: number | null }
  | { readonly state: 'POSTPONED'; readonly detail: string; readonly delayMs: number }
  | { readonly state: 'HELD'; readonly until: Date };
