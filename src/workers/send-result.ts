import type { DataSource } from 'typeorm';
import type { BrandLayer } from '../domain/branding';
import type { MailTokens } from '../domain/mail-token';
import type { MailedPerson } from '../domain/turn-off-token';
import type { Catalogue } from '../delivery/mail/catalogue';
import type { MailTransport } from '../delivery/mail/mail-transport';
import type { PushSender } from '../delivery/push/push-sender';
import type { DeliveryResult } from './delivery-rows';

/** How things leave the server. */
export interface SendDependencies {
  readonly source: DataSource;
  readonly mail: Pick<MailTransport, 'send'>;
  readonly push: PushSender;
  /** The address that mails come from; the name beside it is the brand's. */
  readonly mailFrom: string;
  /** For the links of mails that prove an address. */
  readonly mailTokens: MailTokens;
  /** The words of mails, in every language. */
  readonly catalogue: Catalogue;
  /** Where a person turns notifications by mail off. Null: this server has no address of its own. */
  readonly turnOffUrl: (person: MailedPerson) => string | null;
  /** What counts where neither organization nor workspace has set anything. */
  readonly serverBrand: BrandLayer;
}

/** An attempt, or the wish for another one; how often and when is the caller's to decide. */
export type SendResult =
  | Exclude<DeliveryResult, { state: 'PENDING' }>
  | { readonly state: 'RETRY'; readonly detail: string; readonly retryAfterMs: number | null };
