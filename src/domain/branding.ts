/** What one owner has set of its brand. Missing or null: the next owner up decides. */
export interface BrandLayer {
  readonly displayName?: string | null;
  readonly logoUrl?: string | null;
  readonly primaryColor?: string | null;
  readonly supportEmail?: string | null;
  readonly emailFromName?: string | null;
  readonly dashboardUrl?: string | null;
}

/** A brand that is ready to use. */
export interface ResolvedBrand {
  displayName: string;
  logoUrl: string | null;
  primaryColor: string | null;
  supportEmail: string | null;
  emailFromName: string;
  dashboardUrl: string | null;
}

/** An owner of a brand, by its name and what it has set. */
export interface BrandOwner {
  readonly name: string;
  readonly branding: BrandLayer;
}

/**
 * The brand of an organization, else of its workspace, else of the server, value by value. Whoever has set no display
 * name is shown by its own name: a client never appears under the name of the partner above it.
 *
 * @param layers nearest owner first; `organization` is null for what belongs to the workspace alone
 */
export function resolveBranding(layers: {
  readonly organization: BrandOwner | null;
  readonly workspace: BrandOwner;
  readonly server: BrandLayer;
}): ResolvedBrand {
  const { organization, workspace, server } = layers;
  const pick = (key: keyof BrandLayer): string | null =>
    filled(organization?.branding[key]) ?? filled(workspace.branding[key]) ?? filled(server[key]);
  const nearest = organization ?? workspace;
  const displayName = filled(nearest.branding.displayName) ?? nearest.name;
  return {
    displayName,
    logoUrl: pick('logoUrl'),
    primaryColor: pick('primaryColor'),
    supportEmail: pick('supportEmail'),
    emailFromName: pick('emailFromName') ?? displayName,
    dashboardUrl: pick('dashboardUrl'),
  };
}

function filled(value: string | null | undefined): string | null {
  return value == null || value.trim() === '' ? null : value;
}
