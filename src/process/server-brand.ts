import type { Config } from '../config/config';
import type { BrandLayer } from '../domain/branding';
import { canonicalHost } from '../domain/validation/host';

/** What the server itself adds to every brand: the last layer, below organization and workspace. */
export function serverBrandOf(config: Config): BrandLayer {
  return { displayName: 'Baton', emailFromName: 'Baton', dashboardUrl: config.server.dashboardUrl };
}

/** Hosts that lead to the server itself: one workspace must not put its brand on the log-in page of all others. */
export function reservedHostsOf(config: Config): string[] {
  return [config.server.publicUrl, config.server.dashboardUrl].flatMap((url) => {
    const host = url === null ? null : canonicalHost(new URL(url).host);
    return host === null ? [] : [host];
  });
}
