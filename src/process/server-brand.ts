import type { Config } from '../config/config';
import type { BrandLayer } from '../domain/branding';

/** What the server itself adds to every brand: the last layer, below organization and workspace. */
export function serverBrandOf(config: Config): BrandLayer {
  return { displayName: 'Baton', emailFromName: 'Baton', dashboardUrl: config.server.dashboardUrl };
}
