import type { EntityManager } from 'typeorm';
import { type BrandLayer, resolveBranding, type ResolvedBrand } from '../domain/branding';
import { Organization } from '../entities/organization';
import { Workspace } from '../entities/workspace';

/** How something of an organization looks that leaves the server. */
export interface Letterhead {
  readonly brand: ResolvedBrand;
  /** The organization's language; null where something belongs to the workspace alone. */
  readonly locale: string | null;
  readonly timeZone: string;
}

/** The letterhead of this organization (null: of the workspace alone). */
export async function readLetterhead(
  manager: EntityManager,
  owner: { readonly workspaceId: string; readonly organizationId: string | null },
  server: BrandLayer,
): Promise<Letterhead> {
  const { workspaceId, organizationId } = owner;
  const workspace = await manager.findOneByOrFail(Workspace, { id: workspaceId });
  const organization =
    organizationId === null ? null : await manager.findOneByOrFail(Organization, { id: organizationId, workspaceId });
  return {
    brand: resolveBranding({ organization, workspace, server }),
    locale: organization?.locale ?? null,
    timeZone: organization?.timeZone ?? 'UTC',
  };
}

/** In which languages to write to a person, the first that there is: their own, then that of their organization. */
export function languagesOf(
  person: { readonly locale: string | null; readonly organizationId: string | null },
  { locale }: Letterhead,
): (string | null)[] {
  // Staff see many clients: whose letterhead it is says nothing of their own language.
  return [person.locale, person.organizationId === null ? null : locale];
}
