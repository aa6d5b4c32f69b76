import type { DataSource } from 'typeorm';
import type { BrandLayer } from '../domain/branding';
import type { MailTokens } from '../domain/mail-token';
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
  /** Makes the address that the visitor of an inquiry replies to; left out or null: replies do not come back. */
  readonly openReplyAddress?: ((inquiry: { id: string; workspaceId: string }) => Promise<string>) | null;
  /** What counts where neither organization nor workspace has set anything. */
  readonly serverBrand: BrandLayer;
}

/** An attempt, or the wish for another one; how often and when is the caller's to decide. */
export type SendResult =
  | Exclude<DeliveryResult, { state: 'PENDING' }>
  | { readonly state: 'RETRY'; readonly detail: string; readonly retryAfterMs: number | null };
